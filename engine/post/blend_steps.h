#pragma once
#include <span>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// Triangular weights of steps around a centre: 1 - |step - centre| / width, none below 0, adding up to 1. Units are the caller's (all the same). Throws Error
// for a width that is not positive and when no step is nearer than the width.
std::vector<double> triangular_weights(std::span<const double> steps, double centre, double width);

// Weighted mean of planes, per cell. Missing where any plane with a weight is: a mean of other steps than those asked for would jump at the edge of the hole.
// Sums in double, in the planes' order. Throws Error when there are not as many weights as planes. O(cells x planes).
void weighted_mean_of_planes(std::span<const FieldView<const float>> planes, std::span<const double> weights, FieldView<float> mean);

}  // namespace guyu
