#include "engine/post/grid_wind.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "engine/regrid/crs_transform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

void wind_along_axes(const Grid& grid, const std::string& axes_crs, FieldView<const float> speed, FieldView<const float> from_direction, FieldView<float> u,
                     FieldView<float> v) {
  assert(speed.ny == grid.ny() && speed.nx == grid.nx() && u.ny == grid.ny() && v.ny == grid.ny());
  constexpr double kStep = 1e-3;  // degrees of latitude, a hundred metres: true north is the direction between a little south and a little north
  const std::string earth = "+proj=longlat +datum=WGS84 +no_defs";
  const CrsTransform to_earth(grid.crs(), earth), to_axes(earth, axes_crs);
  const auto n = static_cast<std::size_t>(grid.nx());
  parallel_for(grid.ny(), 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> x(n), y(n), x2(n), y2(n);
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::size_t i = 0; i < n; ++i) x[i] = grid.x(static_cast<double>(i)), y[i] = grid.y(static_cast<double>(j));
      to_earth.forward(x.data(), y.data(), n, sizeof(double));
      x2 = x;
      for (std::size_t i = 0; i < n; ++i) y2[i] = y[i] + kStep, y[i] -= kStep;
      to_axes.forward(x.data(), y.data(), n, sizeof(double));
      to_axes.forward(x2.data(), y2.data(), n, sizeof(double));
      for (std::size_t i = 0; i < n; ++i) {
        const auto column = static_cast<std::int64_t>(i);
        const double north = std::atan2(x2[i] - x[i], y2[i] - y[i]);  // of true north, clockwise from the y axis
        const double to = double{from_direction(j, column)} * std::numbers::pi / 180 + std::numbers::pi + north;
        const bool known = std::isfinite(to);
        u(j, column) = known ? static_cast<float>(double{speed(j, column)} * std::sin(to)) : std::numeric_limits<float>::quiet_NaN();
        v(j, column) = known ? static_cast<float>(double{speed(j, column)} * std::cos(to)) : std::numeric_limits<float>::quiet_NaN();
      }
    }
  });
}

}  // namespace guyu
