#include "cli/demo/case_files.h"

#include "cli/demo/geography.h"
#include "cli/demo/grib_writer.h"
#include "cli/demo/odim_writer.h"
#include "cli/demo/radar_network.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli::demo {
namespace {

std::string digits(TimePoint t, std::size_t count) {  // YYYYMMDDHHMM, or its beginning
  const std::string stamp = to_compact(t);
  return (stamp.substr(0, 8) + stamp.substr(9, 4)).substr(0, count);
}

void write_radar(const StormCase& c, const std::string& folder) {
  const std::vector<char> coverage = radar_coverage(c.grid);
  FieldMeta meta;
  meta.quantity = quantities::rainfall_rate();
  Field rate(c.grid, meta);
  for (TimePoint t = c.begin; t <= c.last_cycle; t += c.radar_interval) {
    c.storm.rates(c.grid, minute_of(c, t), rate.view());
    observe_by_radar(coverage, rate.view());
    rate.meta.valid = {t, t};
    write_odim_composite(folder + "/demo_" + digits(t, 12) + ".h5", rate);
  }
}

// Positions of a lat-lon grid in the plane of the storm, km.
std::vector<Point> positions(const Grid& grid, const std::string& plane) {
  const Transform to_plane(kLonLat, plane);
  std::vector<Point> at;
  for (std::int64_t j = 0; j < grid.ny(); ++j) {
    for (std::int64_t i = 0; i < grid.nx(); ++i) {
      const Point c = to_plane(grid.x(static_cast<double>(i)), grid.y(static_cast<double>(j)));
      at.push_back({c.x / 1000, c.y / 1000});
    }
  }
  return at;
}

}  // namespace

std::vector<Field> forecast_amounts(const StormCase& c) {
  constexpr int kSamples = 6;  // an hour
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 111.3, 29.0, 0.1, 0.1, 55, 46);
  const std::vector<Point> at = positions(grid, c.grid.crs());
  const Storm storm = forecast_of(c.storm);
  FieldMeta meta;
  meta.quantity = quantities::precipitation_amount();
  meta.kind = TimeKind::accumulation;
  meta.reference = c.forecast_reference;
  std::vector<Field> amounts;
  for (int hour = 1; hour <= c.forecast_hours; ++hour) {
    meta.valid = {c.forecast_reference, c.forecast_reference + std::chrono::hours(hour)};
    Field amount(grid, meta);
    parallel_for(grid.size(), 64, [&](std::int64_t begin, std::int64_t end) {
      for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
        double mm = amounts.empty() ? 0.0 : double{amounts.back().values()[k]};
        for (int s = 0; s < kSamples; ++s) mm += storm.rate(at[k].x, at[k].y, minute_of(c, meta.valid.end) - 60 + 60 * (s + 0.5) / kSamples) / kSamples;
        amount.values()[k] = static_cast<float>(mm);
      }
    });
    amounts.push_back(std::move(amount));
  }
  return amounts;
}

void write_case(const StormCase& c, const Province& province, const std::string& folder) {
  write_townships(folder + "/regions/townships.gpkg", province);
  write_radar(c, folder + "/radar");
  write_grib_forecast(folder + "/forecast/demo_" + digits(c.forecast_reference, 10) + ".grib2", forecast_amounts(c));
}

}  // namespace guyu::cli::demo
