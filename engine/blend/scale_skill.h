#pragma once
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// How well a forecast knows the structures of each scale: its correlation with what was observed, level by level of the pyramid
// (engine/nowcast/scale_pyramid.h), finest first, in [0, 0.99].
struct ScaleSkill {
  std::vector<float> correlation;
  std::vector<double> evidence;  // independent structures that were compared, of each level: 0 without any
};

// Without an observation to compare with: what forecasts of rain are worth on average by the size of structures. Half of the
// correlation that they ever reach (0.85) at 120 km, next to nothing below 20 km; between, linear in the logarithm of the size. `cell_km`: of the finest
// level. Order of magnitude from Bowler, Pierce, Seed (2006), fig. 5, and Seed, Pierce, Norman (2013).
ScaleSkill usual_scale_skill(int levels, double cell_km);

// From a forecast's rates and those observed at the same time (mm/h, NaN = missing, one shape), both on the decibel scale. Measured and usual skill are
// joined by weight: the measured one counts as many times as its level has structures, the usual one `kUsualEvidence` times. Dry skies on either side tell
// nothing of structures, and leave the usual skill. O(cells).
inline constexpr double kUsualEvidence = 30;
ScaleSkill measured_scale_skill(FieldView<const float> forecast, FieldView<const float> observed, int levels, double cell_km);

// Several measurements, weighted by their evidence. Levels as many as the first has.
ScaleSkill joined(const std::vector<ScaleSkill>& parts);

}  // namespace guyu
