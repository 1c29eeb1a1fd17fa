#pragma once
#include <span>

#include "engine/cells/grid_scale.h"
#include "engine/cells/identify.h"
#include "engine/cells/storm_cell.h"
#include "engine/core/field.h"

namespace guyu {

// All properties of a cell but its core threshold from its runs (ordered by row and column, at least one). O(pixels + runs log runs).
StormCell measure_cell(std::vector<CellRun> runs, FieldView<const float> field, const GridScale& scale, CellIntensity intensity);

// Convex outline of points, rows as y downwards: clockwise on a map, first point not repeated. O(n log n).
std::vector<CellPlace> convex_hull(std::vector<CellPlace> points);

}  // namespace guyu
