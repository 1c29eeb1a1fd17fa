#pragma once
#include <vector>

#include "engine/cells/storm_cell.h"

namespace guyu {

// A part of a cell, along the edges of its pixels, as fractional places; rings are not closed. Clockwise on a map, holes the other way.
struct CellOutline {
  std::vector<CellPlace> outer;
  std::vector<std::vector<CellPlace>> holes;
};

// The outlines of runs ordered by row and column. Pixels that touch at a corner alone are parts of their own, so that no ring meets itself. Only corners are
// kept. O(pixels log pixels).
std::vector<CellOutline> cell_outlines(const std::vector<CellRun>& runs);

}  // namespace guyu
