#pragma once
#include "engine/core/field.h"
#include "engine/regrid/weights.h"

namespace guyu {

// Weights that let land draw from land and sea from sea, for what differs across a coast: temperature, humidity, wind.
// `source_land` and `target_land`: 0.5 and more is land, on the source's and the target's grid; a cell of which it is missing is of no kind and draws from
// none. nearest: the nearest source cell where all four around are of the target's kind; else the nearest of its kind among the four next by distance, then
// among the
//   eight next that lie within `vicinity_m`; else the nearest whatever it is.
// bilinear: between the four around when all are of the kind. With one of another kind, the plane through the other three while the target lies inside their
//   triangle; else, as with two or three of another kind, the four next of them weighted by distance to the power -1.8. With none of the kind, up to four of
//   the eight next within `vicinity_m` in the same way, and plain bilinear weights where there is none.
// Distances are straight lines through the WGS 84 ellipsoid for longitude-latitude sources, in the plane for projected ones. Targets outside the source's cells
// have no entries. Sums of weights are 1. Method: IMPROVER's regridding with land-sea mask (Met Office and Bureau of Meteorology 2021). Throws Error for
// the conservative method, for masks of another shape than their grid and when PROJ has no way between the CRSs. O(target cells). The same for any number of
// threads.
RegridWeights compute_land_aware_weights(const Grid& source, FieldView<const float> source_land, const Grid& target, FieldView<const float> target_land,
                                         RegridMethod method, double vicinity_m = 25000);

}  // namespace guyu
