#pragma once
#include <span>
#include <vector>

#include "engine/core/plane.h"

namespace guyu {

// Discharge of each cell with given return periods (years), from its largest discharge in each year, by a GEV distribution fitted with L-moments: the model's
// own climate, so that its bias drops out where the model is compared with it. One plane a period. Missing where fewer than `least_years` (at
// least 10) years are known or all are the same (dry cells); the shape is held in [-0.5, 0.5]. O(cells x years log years), rows in parallel. Throws Error
// when shapes differ.
std::vector<Plane> threshold_discharges(std::span<const Plane> annual_maxima, std::span<const double> periods, std::size_t least_years = 10);

}  // namespace guyu
