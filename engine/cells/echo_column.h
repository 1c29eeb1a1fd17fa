#pragma once
#include <span>

#include "engine/core/field.h"

namespace guyu {

// Reflectivity (dBZ) at one height, m above the same level as all other heights of a call.
struct ReflectivityLevel {
  double height_m = 0;
  FieldView<const float> dbz;
};

// Columns of levels: at least two, ascending, of one shape; a missing level is bridged from the one below to the one above when they are no more than
// kWidestBridge_m apart, and nothing is taken from it otherwise. Nothing is taken for known below the lowest or above the highest known level, so that all
// three are lower bounds where the radars do not see the whole storm.
inline constexpr double kWidestBridge_m = 3000;

// Throws Error for fewer than two levels, heights that do not ascend, or shapes that differ.
void require_levels(std::span<const ReflectivityLevel> levels, FieldView<const float> like);

// Vertically integrated liquid, kg m-2: 3.44e-6 Z^(4/7) over the height, Z in mm6 m-3 as the mean of each layer's two levels and no more than 56 dBZ, for
// beyond it is ice (Greene and Clark 1972, Monthly Weather Review 100). NaN where fewer than two levels are known or no two can be bridged. O(cells x levels),
// bit-identical for any number of threads. Throws as require_levels does.
void integrated_liquid(std::span<const ReflectivityLevel> levels, FieldView<float> out);

// Height in m up to which the echo reaches `threshold` dBZ: the highest level that does, and the share of the way to the next known one by linear
// interpolation of dBZ (Lakshmanan et al. 2013, Weather and Forecasting 28). 0 where no level does; NaN where none is known. O(cells x levels).
void echo_top(std::span<const ReflectivityLevel> levels, float threshold, FieldView<float> out);

}  // namespace guyu
