#pragma once
#include "engine/core/field.h"

namespace guyu {

// Rain that the ground adds stays where the ground is while the rest is carried along: an extrapolation takes it off first and puts on afterwards what the
// ground adds then. Rates and enhancement in mm h-1. Where it does not rain, less than 1/32 mm h-1, the ground adds nothing, and rain is never taken below that
// rate, so that it can be carried on. Missing where either is. Source: Bowler et al. (2006), Q. J. R. Meteorol. Soc. 132 (STEPS). O(cells).
inline constexpr float kLeastRainRate = 1.0F / 32;  // mm h-1
void remove_enhancement(FieldView<const float> rate, FieldView<const float> enhancement, FieldView<float> without);
void add_enhancement(FieldView<const float> rate, FieldView<const float> enhancement, FieldView<float> with);

}  // namespace guyu
