#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// A step (begin, end] as one stated total, or as a total less another that begins or ends with it.
struct IntervalPart {
  Interval interval;
  std::size_t whole = 0;     // index of the stated total
  std::ptrdiff_t part = -1;  // index of the total to take away; -1: none
  bool operator==(const IntervalPart&) const = default;
};

// Steps without overlap, ascending, from whatever intervals totals are stated for: single steps, totals since the start, buckets that begin anew, or all
// of them mixed. Totals with a common begin, or a common end, are parted by difference; of several ways to cover a time the one with the shortest steps is
// taken, and a stated step before a difference of the same length. Empty intervals and repeated ones are passed over. O(intervals^2).
std::vector<IntervalPart> part_intervals(std::span<const Interval> totals);

}  // namespace guyu
