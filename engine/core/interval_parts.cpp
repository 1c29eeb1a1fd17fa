#include "engine/core/interval_parts.h"

#include <algorithm>
#include <numeric>

namespace guyu {

std::vector<IntervalPart> part_intervals(std::span<const Interval> totals) {
  std::vector<std::size_t> order(totals.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return totals[a].begin != totals[b].begin ? totals[a].begin < totals[b].begin : totals[a].end < totals[b].end;
  });
  std::vector<IntervalPart> candidates;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Interval whole = totals[order[k]];
    if (whole.end <= whole.begin) continue;
    candidates.push_back({whole, order[k], -1});
    // The longest of those that end with it.
    std::ptrdiff_t tail = -1;
    for (std::size_t o = 0; o < totals.size(); ++o) {
      if (totals[o].end != whole.end || totals[o].begin <= whole.begin || totals[o].begin >= totals[o].end) continue;
      if (tail < 0 || totals[o].begin < totals[static_cast<std::size_t>(tail)].begin) tail = static_cast<std::ptrdiff_t>(o);
    }
    if (tail >= 0) candidates.push_back({{whole.begin, totals[static_cast<std::size_t>(tail)].begin}, order[k], tail});
    if (k == 0) continue;
    const Interval part = totals[order[k - 1]];
    if (part.begin == whole.begin && part.begin < part.end && part.end < whole.end)
      candidates.push_back({{part.end, whole.end}, order[k], static_cast<std::ptrdiff_t>(order[k - 1])});
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const IntervalPart& a, const IntervalPart& b) {
    return a.interval.length() != b.interval.length() ? a.interval.length() < b.interval.length() : a.part < b.part;
  });
  std::vector<IntervalPart> chosen;
  for (const IntervalPart& c : candidates) {
    const auto overlaps = [&](const IntervalPart& o) { return o.interval.begin < c.interval.end && c.interval.begin < o.interval.end; };
    if (std::none_of(chosen.begin(), chosen.end(), overlaps)) chosen.push_back(c);
  }
  std::sort(chosen.begin(), chosen.end(), [](const IntervalPart& a, const IntervalPart& b) { return a.interval.begin < b.interval.begin; });
  return chosen;
}

}  // namespace guyu
