#include "engine/downscale/slope_radiation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <vector>

#include "engine/regrid/crs_transform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kRadians = std::numbers::pi / 180, kSolarConstant = 1361, kLeastSun = 3 * kRadians, kEarth_m = 6371229;

// Radians of the year at a time.
double year_angle(TimePoint at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto first = std::chrono::sys_days(date.year() / std::chrono::January / 1);
  const double days = static_cast<double>((at - first).count()) / 86400;
  return 2 * std::numbers::pi * days / (date.year().is_leap() ? 366 : 365);
}

}  // namespace

SunPosition sun_position(TimePoint at, double longitude, double latitude) {
  const double g = year_angle(at);
  const double declination = 0.006918 - 0.399912 * std::cos(g) + 0.070257 * std::sin(g) - 0.006758 * std::cos(2 * g) + 0.000907 * std::sin(2 * g) -
                             0.002697 * std::cos(3 * g) + 0.00148 * std::sin(3 * g);
  const double equation_min = 229.18 * (0.000075 + 0.001868 * std::cos(g) - 0.032077 * std::sin(g) - 0.014615 * std::cos(2 * g) - 0.040849 * std::sin(2 * g));
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const double minutes = static_cast<double>((at - day).count()) / 60 + equation_min + 4 * longitude;
  const double hour = (minutes / 4 - 180) * kRadians, phi = latitude * kRadians;
  const double sine = std::sin(phi) * std::sin(declination) + std::cos(phi) * std::cos(declination) * std::cos(hour);
  SunPosition s;
  s.elevation = std::asin(std::clamp(sine, -1.0, 1.0));
  const double east = -std::cos(declination) * std::sin(hour),
               north = std::sin(declination) * std::cos(phi) - std::cos(declination) * std::sin(phi) * std::cos(hour);
  s.azimuth = std::atan2(east, north);
  if (s.azimuth < 0) s.azimuth += 2 * std::numbers::pi;
  return s;
}

double diffuse_share(double k) {
  if (k <= 0.22) return 1 - 0.09 * k;
  if (k <= 0.80) return 0.9511 - 0.1604 * k + 4.388 * k * k - 16.638 * k * k * k + 12.336 * k * k * k * k;
  return 0.165;
}

double radiation_on_slope(double horizontal, const SunPosition& sun, double slope, double aspect) {
  if (std::isnan(horizontal) || sun.elevation < kLeastSun) return horizontal;
  const double diffuse = diffuse_share(std::clamp(horizontal / (kSolarConstant * std::sin(sun.elevation)), 0.0, 1.0)) * horizontal;
  const double incidence = std::cos(slope) * std::sin(sun.elevation) + std::sin(slope) * std::cos(sun.elevation) * std::cos(sun.azimuth - aspect);
  return (horizontal - diffuse) * std::max(incidence, 0.0) / std::sin(sun.elevation) + diffuse * 0.5 * (1 + std::cos(slope));
}

SlopeAspect slope_and_aspect(FieldView<const float> z, const Grid& grid) {
  SlopeAspect out{Plane(z.ny, z.nx), Plane(z.ny, z.nx)};
  for (std::int64_t j = 1; j + 1 < z.ny; ++j) {
    const double dy = grid.is_in_degrees() ? grid.dy() * kRadians * kEarth_m : grid.dy();
    const double dx = grid.is_in_degrees() ? grid.dx() * kRadians * kEarth_m * std::cos(grid.y(static_cast<double>(j)) * kRadians) : grid.dx();
    for (std::int64_t i = 1; i + 1 < z.nx; ++i) {
      const auto at = [&](std::int64_t r, std::int64_t c) { return static_cast<double>(z(j + r, i + c)); };
      const double east = (at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1)) / (8 * dx);
      const double north = (at(-1, -1) + 2 * at(-1, 0) + at(-1, 1) - at(1, -1) - 2 * at(1, 0) - at(1, 1)) / (8 * dy);
      if (std::isnan(east) || std::isnan(north)) continue;
      out.slope.row(j)[i] = static_cast<float>(std::atan(std::hypot(east, north)));
      double way = std::atan2(-east, -north);  // down
      if (way < 0) way += 2 * std::numbers::pi;
      out.aspect.row(j)[i] = static_cast<float>(way);
    }
  }
  return out;
}

void radiation_on_terrain(FieldView<float> radiation, const Interval& valid, bool is_integral, const Grid& grid, const SlopeAspect& ground) {
  constexpr std::int64_t kBlock = 32;
  const Seconds piece{1800};
  const bool instant = valid.begin == valid.end;
  const std::int64_t pieces = instant ? 1 : std::max<std::int64_t>(1, (valid.length() + piece - Seconds(1)) / piece);
  const CrsTransform to_degrees(grid.crs(), "EPSG:4326");
  parallel_for(grid.ny(), 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<SunPosition> suns(static_cast<std::size_t>(pieces));
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t first = 0; first < grid.nx(); first += kBlock) {
        const std::int64_t last = std::min(first + kBlock, grid.nx());
        double x = grid.x(0.5 * static_cast<double>(first + last - 1)), y = grid.y(static_cast<double>(j));
        if (!to_degrees.is_identity()) to_degrees.forward(&x, &y, 1, sizeof(double));
        double up = 0;  // sum of the sines by day
        for (std::int64_t k = 0; k < pieces; ++k) {
          const auto part = static_cast<double>(valid.length().count()) * (static_cast<double>(k) + 0.5) / static_cast<double>(pieces);
          suns[static_cast<std::size_t>(k)] = sun_position(instant ? valid.end : valid.begin + Seconds(std::llround(part)), x, y);
          up += std::max(std::sin(suns[static_cast<std::size_t>(k)].elevation), 0.0);
        }
        if (up <= 0) continue;  // night
        // The clearness of the sky needs the mean flux.
        const double seconds = is_integral && !instant ? static_cast<double>(valid.length().count()) : 1;
        for (std::int64_t i = first; i < last; ++i) {
          const float horizontal = radiation(j, i), slope = ground.slope.row(j)[i];
          if (!(horizontal > 0) || slope == 0) continue;
          const double mean = static_cast<double>(horizontal) / seconds;
          double sum = 0;
          for (const SunPosition& sun : suns) {
            const double sine = std::sin(sun.elevation);
            if (sine <= 0) continue;
            sum += radiation_on_slope(mean * static_cast<double>(pieces) * sine / up, sun, static_cast<double>(slope),
                                      static_cast<double>(ground.aspect.row(j)[i]));
          }
          radiation(j, i) = static_cast<float>(static_cast<double>(horizontal) * (sum / static_cast<double>(pieces)) / mean);
        }
      }
    }
  });
}

}  // namespace guyu
