#pragma once
#include <vector>

#include "engine/core/plane.h"

namespace guyu {

// Scales of a field on grids as coarse as each allows: level k has cells of 2^k x 2^k cells of the field and
// holds the structures of about 2 to 5 of its own cells that the coarser levels cannot; the last level holds
// all that is larger. Cells of level k + 1 are blocks of 2 x 2 cells of level k, at odd sizes the last row
// and column stand alone. Source: Burt and Adelson (1983), The Laplacian pyramid as a compact image code;
// kernels for cells instead of points. O(4/3 cells).
struct ScalePyramid {
  std::vector<Plane> levels;
};

// Half the resolution: weights 1 3 3 1 in both directions, edges repeated. No missing values allowed.
Plane reduce(const Plane& fine);

// Row j of the plane at twice the resolution, 2 x 2 cells bilinear (weights 3 1), edges repeated: adds to
// out[0, n) with n = 2 nx or 2 nx - 1. `mixed` is scratch.
void add_expanded_row(const Plane& coarse, std::int64_t j, std::int64_t n, float* out, std::vector<float>& mixed);

// Cuts a field without missing values into `scales` levels (fewer when the field is too small: the coarsest
// keeps at least 2 cells each way).
ScalePyramid decompose(Plane field, int scales);

// The field again, to float rounding.
Plane recompose(const ScalePyramid& pyramid);

// Missing cells filled smoothly from around (pull and push through coarser means), so that the edge of the
// coverage makes no scale of its own. A field without any valid cell becomes `otherwise`.
Plane fill_missing(FieldView<const float> field, float otherwise);

}  // namespace guyu
