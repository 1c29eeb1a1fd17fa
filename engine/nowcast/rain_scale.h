#pragma once
#include "engine/core/plane.h"

namespace guyu {

// The scale on which rain is cut into structures and made to vary: dB of the rate, 10 log10(R / (1 mm/h)),
// with everything below `kLeastRain` at one value a little lower, so that the step from dry to wet is no
// cliff.
inline constexpr float kLeastRain = 0.1F;   // mm/h; less counts as dry
inline constexpr float kDryDecibel = -12;   // kLeastRain is -10 dB
inline constexpr float kMostRain = 500.0F;  // mm/h; more is no rain

// NaN = missing stays missing, negative rates are dry. O(cells).
Plane to_decibel(FieldView<const float> rain_mm_h);

}  // namespace guyu
