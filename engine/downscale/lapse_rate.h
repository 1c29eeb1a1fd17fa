#pragma once
#include <span>

#include "engine/core/field.h"
#include "engine/core/plane.h"

namespace guyu {

struct LapseRateOptions {
  int radius = 3;             // cells: the window is (2 radius + 1)^2
  float standard = -0.0065F;  // K/m, ICAO standard atmosphere: where the neighbourhood has no relief to learn from
  float least = -0.0098F;     // dry adiabat
  float most = 0.0050F;       // an inversion, as strong as a mean over cells shows
  float doubt_m = 150;        // spread of elevation at which neighbourhood and standard count the same
};

// Change of temperature with height from the model's own neighbourhood: in each window the regression of temperature (K) on
// the model's orography (m), drawn towards the standard where there is little relief (ridge regression with doubt_m^2), cut to [least, most]. Cells missing
// in either are skipped; a window without two valid cells has the standard. Windows by running sums: O(cells).
// Method: local regression of screen temperature on orography, as in Sheridan et al. (2010), Meteorol. Appl. 17.
Plane local_lapse_rate(FieldView<const float> temperature, FieldView<const float> orography, const LapseRateOptions& options = {});

// Temperature (K) and geopotential height (m) of one level of the model.
struct LapseLevel {
  FieldView<const float> temperature, height;
};
// From the model's own levels: at each cell the regression of temperature on height over those levels that lie more than 50 m and no more than `reach_m` above
// the model's ground, cut to [least, most]; the standard where fewer than two are known there. O(cells x levels).
Plane lapse_rate_of_levels(std::span<const LapseLevel> levels, FieldView<const float> orography, float reach_m = 2500, const LapseRateOptions& options = {});

}  // namespace guyu
