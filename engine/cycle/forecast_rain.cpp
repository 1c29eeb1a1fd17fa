#include "engine/cycle/forecast_rain.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {
namespace {

bool overlap(const Interval& a, const Interval& b) { return a.begin < b.end && b.begin < a.end; }

// A step (begin, end] as the total `whole` less the total `part` of the same begin; part < 0: the total itself.
struct Candidate {
  Interval interval;
  std::size_t whole = 0;
  std::ptrdiff_t part = -1;
};

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

std::vector<RainSlot> part_forecast(std::vector<RainSlot> totals) {
  std::stable_sort(totals.begin(), totals.end(), [](const RainSlot& a, const RainSlot& b) {
    return a.interval.begin != b.interval.begin ? a.interval.begin < b.interval.begin : a.interval.end < b.interval.end;
  });
  std::vector<Candidate> candidates;
  for (std::size_t k = 0; k < totals.size(); ++k) {
    candidates.push_back({totals[k].interval, k, -1});
    if (k > 0 && totals[k - 1].interval.begin == totals[k].interval.begin && totals[k - 1].interval.end < totals[k].interval.end)
      candidates.push_back({{totals[k - 1].interval.end, totals[k].interval.end}, k, static_cast<std::ptrdiff_t>(k) - 1});
  }
  // Shortest first; a stated step before a difference of the same length.
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.interval.length() != b.interval.length() ? a.interval.length() < b.interval.length() : a.part < b.part;
  });
  std::vector<Candidate> chosen;
  for (const Candidate& c : candidates)
    if (std::none_of(chosen.begin(), chosen.end(), [&](const Candidate& o) { return overlap(o.interval, c.interval); })) chosen.push_back(c);
  std::sort(chosen.begin(), chosen.end(), [](const Candidate& a, const Candidate& b) { return a.interval.begin < b.interval.begin; });
  std::vector<RainSlot> slots;
  for (const Candidate& c : chosen) slots.push_back(c.part < 0 ? totals[c.whole] : difference(totals[c.whole], totals[static_cast<std::size_t>(c.part)]));
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
