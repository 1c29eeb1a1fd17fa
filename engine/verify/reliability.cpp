#include "engine/verify/reliability.h"

#include <algorithm>

namespace guyu {

std::vector<ReliabilityBin> reliability_diagram(const ProbabilityTable& t, std::size_t bins) {
  std::vector<ReliabilityBin> diagram(bins);
  std::vector<double> events(bins, 0.0);
  for (std::size_t k = 0; k < t.events.size(); ++k) {
    // In whole numbers: k / M never falls into the wrong class by rounding.
    const std::size_t bin = t.members() == 0 ? 0 : std::min(bins - 1, k * bins / t.members());
    const std::uint64_t n = t.events[k] + t.others[k];
    if (n == 0) continue;
    diagram[bin].count += n;
    diagram[bin].probability += static_cast<double>(n) * static_cast<double>(k) / static_cast<double>(t.members());
    events[bin] += static_cast<double>(t.events[k]);
  }
  for (std::size_t b = 0; b < bins; ++b) {
    const auto n = static_cast<double>(diagram[b].count);
    diagram[b].probability /= n;  // 0 / 0 of an empty class is the NaN that it should be
    diagram[b].frequency = events[b] / n;
  }
  return diagram;
}

}  // namespace guyu
