#include "engine/verify/brier.h"

#include <limits>

#include "engine/verify/reliability.h"

namespace guyu {

Brier brier(const ProbabilityTable& t) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<double>(t.judged());
  if (n == 0) return {kNone, kNone, kNone, kNone, kNone};
  const double base = static_cast<double>(t.all_events()) / n;
  Brier b;
  for (std::size_t k = 0; k < t.events.size(); ++k) {
    const auto yes = static_cast<double>(t.events[k]), no = static_cast<double>(t.others[k]);
    if (yes + no == 0) continue;
    const double p = static_cast<double>(k) / static_cast<double>(t.members()), frequency = yes / (yes + no);
    b.score += yes * (1 - p) * (1 - p) + no * p * p;
    b.reliability += (yes + no) * (p - frequency) * (p - frequency);
    b.resolution += (yes + no) * (frequency - base) * (frequency - base);
  }
  b.score /= n, b.reliability /= n, b.resolution /= n;
  b.uncertainty = base * (1 - base);
  b.skill = b.uncertainty > 0 ? 1 - b.score / b.uncertainty : kNone;
  return b;
}

Brier brier_of_bins(const ProbabilityTable& t, std::size_t bins) {
  Brier b = brier(t);
  const auto n = static_cast<double>(t.judged());
  if (n == 0) return b;
  const double base = static_cast<double>(t.all_events()) / n;
  b.reliability = b.resolution = 0;
  for (const ReliabilityBin& bin : reliability_diagram(t, bins)) {
    if (bin.count == 0) continue;
    const double weight = static_cast<double>(bin.count) / n;
    b.reliability += weight * (bin.probability - bin.frequency) * (bin.probability - bin.frequency);
    b.resolution += weight * (bin.frequency - base) * (bin.frequency - base);
  }
  return b;
}

}  // namespace guyu
