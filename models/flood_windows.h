#pragma once
#include <array>
#include <vector>

#include "engine/region/hazard_inputs.h"

namespace guyu {

// Durations that rain is judged over for flash floods, hours.
constexpr std::array<int, 3> kFloodHours{1, 3, 6};
// By duration, the runoff within it that floods, mm. NaN: the duration is not judged.
using ThresholdRunoff = std::array<double, kFloodHours.size()>;

// Of each region from its attributes threshold_runoff_1h and so on.
std::vector<ThresholdRunoff> threshold_runoff(const HazardInputs& inputs);
bool judges(const ThresholdRunoff& threshold);  // any duration

}  // namespace guyu
