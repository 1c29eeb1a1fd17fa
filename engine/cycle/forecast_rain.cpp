#include "engine/cycle/forecast_rain.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/interval_parts.h"

namespace guyu {
namespace {

RainSlot difference(const RainSlot& whole, const RainSlot& part) {
  RainSlot out = whole;
  out.interval.begin = part.interval.end;
  for (std::size_t r = 0; r < out.amount_mm.size(); ++r) {
    const float d = whole.amount_mm[r] - part.amount_mm[r];
    const bool sound = d >= -kForecastRounding_mm;  // false for NaN
    out.amount_mm[r] = sound ? std::max(d, 0.0F) : std::numeric_limits<float>::quiet_NaN();
    out.coverage[r] = sound ? std::min(whole.coverage[r], part.coverage[r]) : 0.0F;
  }
  return out;
}

}  // namespace

std::vector<RainSlot> part_forecast(const std::vector<RainSlot>& totals) {
  std::vector<Interval> intervals;
  for (const RainSlot& t : totals) intervals.push_back(t.interval);
  std::vector<RainSlot> slots;
  for (const IntervalPart& p : part_intervals(intervals))
    slots.push_back(p.part < 0 ? totals[p.whole] : difference(totals[p.whole], totals[static_cast<std::size_t>(p.part)]));
  return slots;
}

RainOver rain_over(const std::vector<RainSlot>& slots, const Interval& interval, std::size_t region) {
  RainOver sum;
  const auto length = static_cast<double>(interval.length().count());
  for (const RainSlot& s : slots) {
    const TimePoint begin = std::max(s.interval.begin, interval.begin), end = std::min(s.interval.end, interval.end);
    const float amount = s.amount_mm[region];
    if (begin >= end || std::isnan(amount)) continue;
    const auto part = static_cast<double>((end - begin).count());
    sum.amount_mm += double{amount} * part / static_cast<double>(s.interval.length().count());
    sum.coverage += double{s.coverage[region]} * part / length;
  }
  return sum;
}

}  // namespace guyu
