#pragma once
#include <vector>

#include "hpc/bench/measure.h"
#include "hpc/bench/stages.h"

namespace guyu::bench {

// What sums place by place add to one member of a nowcast over a country.
std::vector<Measurement> sum_up_places(const StageOptions& options);

}  // namespace guyu::bench
