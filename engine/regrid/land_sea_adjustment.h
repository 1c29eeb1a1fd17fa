#pragma once
#include <cstdint>

#include "engine/core/field.h"

namespace guyu {

// Mends nearest-neighbour values across a coast on the target grid itself. `nearest`: the values that RegridMethod::nearest gives; `drawn_from`: the source's
// land mask brought to the target in the same way; `land`: the target's own mask (0.5 and more is land). A cell whose value was drawn from the other kind takes
// that of the nearest cell, in cells, whose value was drawn from its own kind, when there is one in the square of `radius` cells about it; else it stays. Of
// cells equally near the first by row and column is taken. Cells of which either mask is missing stay and lend nothing. compute_land_aware_weights, which
// looks for neighbours on the source grid, is the better method; this is the older one of IMPROVER (Met Office, 2020, AdjustLandSeaPoints).
// All planes have one shape; `out` may not be one of the others. O(cells + mended cells x radius^2). The same for any number of threads.
void adjust_land_sea(FieldView<const float> nearest, FieldView<const float> drawn_from, FieldView<const float> land, std::int64_t radius, FieldView<float> out);

}  // namespace guyu
