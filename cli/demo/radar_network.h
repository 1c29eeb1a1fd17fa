#pragma once
#include <vector>

#include "engine/core/field.h"

namespace guyu::cli::demo {

// Where the radars of the case see: circles, less a sector that a mountain hides from one of them. 1 where seen, 0 elsewhere; one entry
// per cell of the grid, whose coordinates are metres from the middle of the domain.
std::vector<char> radar_coverage(const Grid& grid);

// A composite as the network would report it: NaN where nothing is seen, 0 below what can be told from noise.
void observe_by_radar(const std::vector<char>& coverage, FieldView<float> rate);

}  // namespace guyu::cli::demo
