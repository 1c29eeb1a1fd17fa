#pragma once
#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/core/time.h"

namespace guyu {

// Height of the sun above the horizon and its direction from north over east, radians. Longitude and latitude in degrees. Spencer (1971) for declination and
// the equation of time: within 0.05 degrees of the almanac.
struct SunPosition {
  double elevation = 0, azimuth = 0;
};
SunPosition sun_position(TimePoint at, double longitude, double latitude);

// Share of shortwave radiation that is diffuse, from the clearness of the sky (radiation over that above the air): Erbs, Klein, Duffie (1982), Solar
// Energy 28.
double diffuse_share(double clearness);

// Shortwave radiation on the ground as it lies: the direct part scaled by the cosine of its angle to the slope over that to the horizontal, self-shaded slopes
// none; the diffuse part by the share of the sky that the slope sees, (1 + cos slope) / 2. `slope` radians, `aspect` radians from north over east (the way
// down); horizontal radiation W m-2. At night and below 3 degrees of sun the horizontal value stays. NaN stays. Source: Liston and Elder (2006), eqs. 20-29.
double radiation_on_slope(double horizontal, const SunPosition& sun, double slope, double aspect);

// Slope and aspect by third-order finite differences (Horn 1981) over 3 x 3 cells; edges and cells beside missing ones are flat. Spacing in m by row.
struct SlopeAspect {
  Plane slope, aspect;
};
SlopeAspect slope_and_aspect(FieldView<const float> elevation, const Grid& grid);

// Shortwave radiation of a whole field on its ground, in place: a flux (W m-2) at an instant or over an interval, or, `is_integral`, its integral (J m-2). Over
// an interval the horizontal radiation is taken to follow the sine of the sun's height, in pieces of half an hour. The sun's place is made for blocks of 32
// columns. Missing stays. Throws Error when PROJ has no way to longitude and latitude. O(cells x pieces), rows in parallel.
void radiation_on_terrain(FieldView<float> radiation, const Interval& valid, bool is_integral, const Grid& grid, const SlopeAspect& ground);

}  // namespace guyu
