#pragma once
#include <string>
#include <vector>

#include "cli/run/cycle.h"

namespace guyu::cli::demo {

// The rain (mm) that a cycle extrapolated over the hour after its issue time, per township, read from the grids.nc that it wrote; NaN where
// less than nine tenths of a township is seen. Empty when the cycle wrote none. Area weights are kept in `cache`. Throws Error when the file is
// damaged.
std::vector<float> next_hour_of(const CycleResult& cycle, const std::string& cache);

}  // namespace guyu::cli::demo
