#include "engine/hydrology/cell_geometry.h"

#include <cmath>
#include <numbers>

#include "engine/hydrology/flow_direction.h"

namespace guyu {

double CellGeometry::distance_m(std::int64_t row, int d) const {
  const auto r = static_cast<std::size_t>(row);
  const auto k = static_cast<std::size_t>(d);
  const double x = FlowDirections::east[k] == 0 ? 0 : east_m[r], y = FlowDirections::south[k] == 0 ? 0 : north_m[r];
  return std::sqrt(x * x + y * y);
}

CellGeometry cell_geometry(const Grid& grid) {
  CellGeometry g;
  constexpr double kRadius = 6371000, kDegree = std::numbers::pi / 180;
  for (std::int64_t j = 0; j < grid.ny(); ++j) {
    const auto row = static_cast<double>(j);
    if (!grid.is_in_degrees()) {
      g.area_km2.push_back(grid.dx() * grid.dy() * 1e-6), g.east_m.push_back(grid.dx()), g.north_m.push_back(grid.dy());
      continue;
    }
    const double half = 0.5 * grid.dy(), y = grid.y(row), dx = grid.dx() * kDegree;
    g.area_km2.push_back(kRadius * kRadius * dx * (std::sin((y + half) * kDegree) - std::sin((y - half) * kDegree)) * 1e-6);
    g.east_m.push_back(kRadius * std::cos(y * kDegree) * dx), g.north_m.push_back(kRadius * grid.dy() * kDegree);
  }
  return g;
}

}  // namespace guyu
