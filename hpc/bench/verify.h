#pragma once
#include <vector>

#include "hpc/bench/stages.h"

namespace guyu::bench {

// Scores of one lead of an ensemble of 24 members on 760 x 1226 cells: CRPS, and FSS of one scale and
// threshold. Their bars are for one core: run them with --threads 1.
std::vector<Measurement> verify_crps(const StageOptions& options);
std::vector<Measurement> verify_fss(const StageOptions& options);

}  // namespace guyu::bench
