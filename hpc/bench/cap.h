#pragma once
#include <vector>

#include "hpc/bench/stages.h"

namespace guyu::bench {

// 2,000 CAP messages of one township each, written, checked and signed one after the other on one thread, and each of these alone;
// then groups of 100 townships.
std::vector<Measurement> cap_messages(const StageOptions& options);

}  // namespace guyu::bench
