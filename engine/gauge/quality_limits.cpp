#include "engine/gauge/quality_limits.h"

#include <cmath>

#include "engine/core/quantity.h"

namespace guyu {

QualityLimits quality_limits(std::string_view quantity, Seconds interval, double share_of_record) {
  using std::chrono::hours;
  QualityLimits l;
  if (const Quantity* q = find_quantity(quantity)) l.least = q->plausible_min, l.most = q->plausible_max;
  if (quantity == "precipitation_amount") {
    const double length_h = static_cast<double>(interval.count()) / 3600;
    if (length_h > 0) l.most = share_of_record * 422 * std::pow(length_h, 0.475);
    // Within minutes rain does not come and go at once in such amounts; within an hour it does.
    if (interval.count() > 0 && interval <= Seconds(600)) l.spike = 15;
    l.stuck_from = 0.5, l.stuck_values = 8;  // smaller ones repeat in every drizzle: buckets count in tenths
    l.neighbour_room = 2.5, l.square_root = true;
  } else if (quantity == "air_temperature" || quantity == "dew_point_temperature") {
    l.least = 183.15, l.most = 333.15;  // -90 to 60 degC
    l.spike = 10, l.stuck_from = 0, l.stuck_time = hours(6);
    l.neighbour_room = 6, l.lapse = -0.0065;
  } else if (quantity == "wind_speed" || quantity == "wind_speed_of_gust") {
    l.most = quantity == "wind_speed" ? 75 : 115;
    l.spike = 20, l.stuck_from = 0.5, l.stuck_time = hours(6);  // a calm may last
    l.neighbour_room = 15;
  } else if (quantity == "relative_humidity") {
    l.most = 1.05, l.spike = 0.5, l.neighbour_room = 0.5;  // fog may last too
  } else if (quantity == "air_pressure_at_mean_sea_level") {
    l.least = 86000, l.most = 109000, l.spike = 1500, l.stuck_from = 0, l.stuck_time = hours(12), l.neighbour_room = 1500;
  }
  return l;
}

}  // namespace guyu
