#include "engine/cycle/gauge_slots.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {
namespace {

double seconds(const Interval& i) { return static_cast<double>(i.length().count()); }

// The merged interval's share of a region for slots [begin, end) that lie in it.
void adjust(std::vector<RainSlot>& slots, std::size_t begin, std::size_t end, const RainSlot& merged, std::size_t r) {
  const float wanted = merged.amount_mm[r];
  if (std::isnan(wanted)) return;
  double seen = 0, known = 0;
  for (std::size_t k = begin; k < end; ++k) {
    const float mm = slots[k].amount_mm[r];
    if (std::isnan(mm)) continue;
    seen += static_cast<double>(mm);
    known += static_cast<double>(slots[k].coverage[r]) * seconds(slots[k].interval) / seconds(merged.interval);
  }
  const bool radar_knows = known >= static_cast<double>(kRadarKnows);
  constexpr double kTrace = 0.05;  // mm
  if (radar_knows && seen > kTrace) {
    const auto factor =
        static_cast<float>(std::clamp(static_cast<double>(wanted) / seen, 1.0 / static_cast<double>(kMostGaugeFactor), static_cast<double>(kMostGaugeFactor)));
    for (std::size_t k = begin; k < end; ++k) slots[k].amount_mm[r] *= factor;
    return;
  }
  if (radar_knows && static_cast<double>(wanted) <= kTrace) return;
  for (std::size_t k = begin; k < end; ++k) {
    slots[k].amount_mm[r] = static_cast<float>(static_cast<double>(wanted) * seconds(slots[k].interval) / seconds(merged.interval));
    slots[k].coverage[r] = std::max(std::isnan(slots[k].coverage[r]) ? 0.0F : slots[k].coverage[r], merged.coverage[r]);
  }
}

// Times of the interval that no slot holds, as empty slots.
void add_gaps(std::vector<RainSlot>& slots, const Interval& interval, std::size_t regions, const std::string& source) {
  std::vector<Interval> gaps;
  TimePoint at = interval.begin;
  for (const RainSlot& s : slots) {
    if (s.interval.end <= interval.begin || s.interval.begin >= interval.end) continue;
    if (s.interval.begin > at) gaps.push_back({at, s.interval.begin});
    at = std::max(at, s.interval.end);
  }
  if (at < interval.end) gaps.push_back({at, interval.end});
  for (const Interval& g : gaps)
    slots.push_back({g, std::vector<float>(regions, std::numeric_limits<float>::quiet_NaN()), std::vector<float>(regions, 0.0F), source});
  std::sort(slots.begin(), slots.end(), [](const RainSlot& a, const RainSlot& b) { return a.interval.begin < b.interval.begin; });
}

}  // namespace

std::vector<RainSlot> with_gauges(const std::vector<RainSlot>& radar, const std::vector<RainSlot>& merged) {
  std::vector<RainSlot> slots = radar;
  for (const RainSlot& m : merged) {
    const std::size_t regions = m.amount_mm.size();
    add_gaps(slots, m.interval, regions, m.source);
    std::size_t begin = 0, end = 0;
    bool inside = true;
    for (std::size_t k = 0; k < slots.size(); ++k) {
      const Interval& s = slots[k].interval;
      if (s.end <= m.interval.begin) begin = end = k + 1;
      else if (s.begin < m.interval.end) {
        end = k + 1;
        inside = inside && s.begin >= m.interval.begin && s.end <= m.interval.end;
      }
    }
    if (!inside) continue;  // a slot that juts out belongs to two amounts: its radar value stands
    for (std::size_t r = 0; r < regions; ++r) adjust(slots, begin, end, m, r);
  }
  // Gaps that no merged amount filled are no observation.
  std::erase_if(slots, [](const RainSlot& s) {
    return std::all_of(s.amount_mm.begin(), s.amount_mm.end(), [](float x) { return std::isnan(x); }) &&
           std::all_of(s.coverage.begin(), s.coverage.end(), [](float c) { return c == 0; });
  });
  return slots;
}

}  // namespace guyu
