#pragma once
#include "engine/core/grid.h"

namespace guyu {

// Whether the cells of two grids are the same places on the ground, however their CRSs are written: the same
// shape, and positions spread over the grid that fall together within a hundredth of a cell. False where PROJ
// has no way between the CRSs. O(1) after PROJ's set-up, which takes milliseconds.
bool same_cells(const Grid& a, const Grid& b);

}  // namespace guyu
