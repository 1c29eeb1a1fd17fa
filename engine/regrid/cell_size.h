#pragma once
#include "engine/core/grid.h"

namespace guyu {

// The side of a cell in the middle of the grid, km on the ground (geometric mean of both sides). Throws Error
// when PROJ does not understand the CRS.
double cell_size_km(const Grid& grid);

}  // namespace guyu
