#pragma once
#include <vector>

#include "engine/verify/probability_table.h"

namespace guyu {

// One class of forecast probabilities of a reliability diagram.
struct ReliabilityBin {
  std::uint64_t count = 0;
  double probability = 0;  // mean of the class's forecasts; NaN when it is empty
  double frequency = 0;    // share of them that became events; NaN when it is empty
};
// `bins` classes of equal width, [0, 1/bins), ..., the last one closed. bins > 0.
// Source: Jolliffe and Stephenson (2012), chapter 8.
std::vector<ReliabilityBin> reliability_diagram(const ProbabilityTable& table, std::size_t bins);

}  // namespace guyu
