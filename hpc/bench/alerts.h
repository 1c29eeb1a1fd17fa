#pragma once
#include <vector>

#include "hpc/bench/stages.h"

namespace guyu::bench {

// 100,000 townships (a mesh of 250 x 400) that all warn, through the alert book: the first step with and without finding the
// neighbours, steps in which little and much changes, and the book as text and back. The bar of grouping is 5 s.
std::vector<Measurement> alert_groups(const StageOptions& options);

}  // namespace guyu::bench
