#pragma once
#include <vector>

#include "hpc/bench/stages.h"

namespace guyu::bench {

// One frame of the mosaic through storm cells: its optical flow from four frames, identification, tracking, and the forecasts of all cells; bar 1 s. Decoding
// is a stage of its own.
std::vector<Measurement> storm_cells(const StageOptions& options);

}  // namespace guyu::bench
