#pragma once
#include "hpc/bench/stages.h"

namespace guyu::bench {

// Whole cycles in a process of their own: the first fills the caches of weights and history, the second is timed.
// Peak memory is the largest resident set that the system saw of it.
std::vector<Measurement> whole_cycle(const StageOptions& options);

}  // namespace guyu::bench
