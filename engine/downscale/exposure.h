#pragma once
#include "engine/core/field.h"
#include "engine/core/plane.h"

namespace guyu {

// Factor on the wind speed by how exposed a place is: 1 + weight * curvature, the curvature of the terrain over `length_m` scaled to [-0.5, 0.5]
// (ridges above, valleys below), after Liston & Elder (2006), J. Hydrometeorol. 7, eqs. 14 and 18. Their part for slopes facing the wind needs a direction
// and is left out here. cell_km: of the grid; cells without elevation have factor 1. Between 0.79 and 1.21 with the default weight. O(cells).
Plane wind_exposure(FieldView<const float> elevation, double cell_km, double length_m = 5000, float weight = 0.42F);

// Factor on the 10 m wind by the roughness of the ground (m): the wind at `blending_m`, where the surface's patches are mixed, is that over the roughness of
// the surroundings; down from there each place has its own logarithmic profile. fine: of the place; coarse: of what the model's cell has, on the fine grid.
// Cut to [0.3, 2]; 1 where either is missing or not positive. Source: Wieringa (1986), Q. J. R. Meteorol. Soc. 112. O(cells).
Plane roughness_factor(FieldView<const float> fine, FieldView<const float> coarse, double blending_m = 60);

// Fine climatology over its own mean around the place, so that a coarse amount times this has the fine pattern and keeps the coarse
// mean: ratio = fine / coarse mean interpolated, cut to [1/3, 3]; 1 where either is missing or below `least`. `coarse` on the fine grid. O(cells).
Plane climatology_ratio(FieldView<const float> fine, FieldView<const float> coarse, float least = 1.0F);

}  // namespace guyu
