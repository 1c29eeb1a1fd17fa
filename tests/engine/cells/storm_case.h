#pragma once
#include <cmath>
#include <limits>
#include <vector>

#include "engine/cells/grid_scale.h"
#include "engine/core/plane.h"

namespace guyu::test {

inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// A plane grid of cells of 1 km, so that areas are pixels.
inline Grid kilometre_grid(std::int64_t ny, std::int64_t nx) {
  return Grid("+proj=laea +lat_0=30 +lon_0=115 +datum=WGS84 +units=m", -500.0 * static_cast<double>(nx - 1), 500.0 * static_cast<double>(ny - 1), 1000, 1000,
              nx, ny);
}

// Adds a round storm: `peak` in its middle, falling by `slope` a pixel, where that is more than there is.
inline void add_storm(Plane& plane, double row, double column, float peak, double slope) {
  for (std::int64_t j = 0; j < plane.ny; ++j) {
    for (std::int64_t i = 0; i < plane.nx; ++i) {
      const auto v = static_cast<float>(double{peak} - slope * std::hypot(static_cast<double>(j) - row, static_cast<double>(i) - column));
      if (v > plane.row(j)[i]) plane.row(j)[i] = v;
    }
  }
}

}  // namespace guyu::test
