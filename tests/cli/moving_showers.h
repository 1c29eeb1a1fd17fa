#pragma once
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "engine/core/field.h"
#include "products/grid_netcdf.h"

namespace guyu::test {

// Rounded showers that move 4 columns in 5 minutes, times `factor`: NaN for a frame that is missing throughout.
inline std::string shower_frame(const std::string& folder, int minute, double factor = 1) {
  const Grid grid("+proj=laea +lat_0=30 +lon_0=110 +units=m +ellps=WGS84 +no_defs", 0, 0, 1000, 1000, 160, 120);
  const TimePoint t = parse_time("2024-07-01T00:00:00Z") + Seconds(60 * minute);
  Field f(grid, {quantities::rainfall_rate(), TimeKind::instant, {t, t}, t, "surface", {}, "", ""});
  for (std::int64_t j = 0; j < grid.ny(); ++j) {
    for (std::int64_t i = 0; i < grid.nx(); ++i) {
      double rain = 0;
      for (const auto& [row, column] : {std::pair{40.0, 40.0}, {70.0, 60.0}, {85.0, 30.0}}) {
        const double dy = static_cast<double>(j) - row, dx = static_cast<double>(i) - column - 0.8 * minute;
        rain += 30 * std::exp(-(dx * dx + dy * dy) / 60);
      }
      f.view()(j, i) = static_cast<float>(factor * rain);
    }
  }
  const std::string path = fmt::format("{}/f{:02}.nc", folder, minute);
  GridNetcdfWriter writer(path, grid, {"frame", "test", "", {}, t});
  writer.write(writer.add({"rainfall_rate", "", quantities::rainfall_rate(), TimeKind::instant, {{t, t}}, "surface"}), 0, std::as_const(f).view());
  writer.close();
  return path;
}

}  // namespace guyu::test
