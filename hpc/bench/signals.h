#pragma once
#include <vector>

#include "hpc/bench/measure.h"
#include "hpc/bench/stages.h"

namespace guyu::bench {

// All national signals for 40,000 townships, 24 members and 72 hourly steps.
std::vector<Measurement> evaluate_signals(const StageOptions& options);

}  // namespace guyu::bench
