#include "engine/verify/warning_lead.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/verify/agreement.h"

namespace guyu {
namespace {

double seconds(Seconds s) { return static_cast<double>(s.count()); }

struct Known {
  double amount_mm = 0, time = 0;  // seconds
};

Known rain_over(std::span<const RainStep> steps, const Interval& window, TimePoint dry_before) {
  Known k;
  if (window.begin < dry_before) k.time += seconds(std::min(dry_before, window.end) - window.begin);
  const auto first = std::partition_point(steps.begin(), steps.end(), [&](const RainStep& s) { return s.interval.end <= window.begin; });
  for (auto s = first; s != steps.end() && s->interval.begin < window.end; ++s) {
    if (std::isnan(s->amount_mm)) continue;
    const TimePoint begin = std::max(s->interval.begin, window.begin), end = std::min(s->interval.end, window.end);
    k.amount_mm += s->amount_mm * seconds(end - begin) / seconds(s->interval.length());
    if (const TimePoint counted = std::max(begin, dry_before); counted < end) k.time += seconds(end - counted);
  }
  return k;
}

bool touches(const Interval& spell, const WarningSpan& w) { return spell.begin <= w.end && spell.end >= w.issue; }

double quotient(std::size_t part, std::size_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Spells rain_spells(std::span<const RainStep> steps, std::span<const RainCriterion> criteria, const Interval& from_to, double least_known,
                   TimePoint dry_before) {
  constexpr double kRounding = 1e-6;  // float amounts that add up to a round threshold
  Spells spells;
  bool before = false;
  const auto enough_known = [&](TimePoint end) {
    return std::all_of(criteria.begin(), criteria.end(), [&](const RainCriterion& c) {
      return rain_over(steps, {end - c.window, end}, dry_before).time >= least_known * seconds(c.window);
    });
  };
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const TimePoint end = steps[k].interval.end;
    if (k > 0) {
      // At the end of a gap least of the windows is known.
      const Interval gap{std::max(steps[k - 1].interval.end, from_to.begin), std::min(steps[k].interval.begin, from_to.end)};
      if (gap.begin < gap.end && !enough_known(gap.end)) spells.unsure.push_back(gap);
    }
    if (end <= from_to.begin || end > from_to.end) continue;
    const bool reached = std::any_of(criteria.begin(), criteria.end(), [&](const RainCriterion& c) {
      return rain_over(steps, {end - c.window, end}, dry_before).amount_mm >= c.threshold_mm * (1 - kRounding);
    });
    if (reached && before) spells.reached.back().end = end;
    else if (reached) spells.reached.push_back({end, end});
    else if (!enough_known(end)) spells.unsure.push_back({end, end});
    before = reached;
  }
  return spells;
}

bool Spells::unsure_within(TimePoint from, TimePoint to) const {
  return std::any_of(unsure.begin(), unsure.end(), [&](const Interval& u) { return u.end > from && (u.begin == u.end ? u.begin <= to : u.begin < to); });
}

WarningScore& WarningScore::operator+=(const WarningScore& o) {
  right += o.right, false_alarms += o.false_alarms, unjudged += o.unjudged;
  hits += o.hits, misses += o.misses, late += o.late;
  lead_minutes.insert(lead_minutes.end(), o.lead_minutes.begin(), o.lead_minutes.end());
  return *this;
}

double WarningScore::detection() const { return quotient(hits, hits + misses); }
double WarningScore::false_ratio() const { return quotient(false_alarms, right + false_alarms); }
double WarningScore::median_lead() const { return median(lead_minutes); }

WarningScore match_warnings(std::span<const WarningSpan> warnings, const Spells& spells, TimePoint from, const Interval& sure) {
  WarningScore score;
  for (const WarningSpan& w : warnings) {
    const bool came = std::any_of(spells.reached.begin(), spells.reached.end(), [&](const Interval& s) { return touches(s, w); });
    const bool known = w.issue >= sure.begin && w.end <= sure.end && !spells.unsure_within(w.issue - Seconds(1), w.end);
    ++(came ? score.right : known ? score.false_alarms : score.unjudged);
  }
  for (const Interval& s : spells.reached) {
    if (s.begin <= from) continue;
    const auto first = std::find_if(warnings.begin(), warnings.end(), [&](const WarningSpan& w) { return touches(s, w); });
    if (first == warnings.end()) {
      ++score.misses;
      continue;
    }
    ++score.hits;
    const double minutes = seconds(s.begin - first->issue) / 60;
    if (minutes <= 0) ++score.late;
    score.lead_minutes.push_back(minutes);
  }
  return score;
}

}  // namespace guyu
