#pragma once
#include <vector>

#include "hpc/bench/stages.h"

namespace guyu::bench {

// 24 members, 12 steps and 6 scales on 760 x 1226 cells, with motion known.
std::vector<Measurement> ensemble(const StageOptions& options);
// How the time grows: half the members, half the cells, a quarter of the cells.
std::vector<Measurement> ensemble_growth(const StageOptions& options);
// A national grid of 4200 x 6200 cells at 1 km: 24 members, 12 steps, 8 scales, with the means of 40,000 townships taken on the way. Minutes long.
std::vector<Measurement> ensemble_national(const StageOptions& options);

}  // namespace guyu::bench
