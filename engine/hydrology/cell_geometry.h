#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/grid.h"

namespace guyu {

// Sizes on the ground by row: areas on the sphere of 6371.0 km for longitude-latitude grids; dx, dy taken as metres for projected ones. O(rows).
struct CellGeometry {
  std::vector<double> area_km2, east_m, north_m;  // of a cell; from centre to centre
  // From the centre of a cell in `row` to its neighbour in direction d (flow_direction.h). Diagonals by Pythagoras.
  double distance_m(std::int64_t row, int d) const;
};
CellGeometry cell_geometry(const Grid& grid);

}  // namespace guyu
