#include "tests/models/plain_rain_case.h"

#include <algorithm>
#include <cmath>

namespace guyu::test {
namespace {

double seconds(Seconds s) { return static_cast<double>(s.count()); }

struct Sum {
  double observed = 0, future = 0, known = 0;
};

Sum sum_over(const HazardSeries& rain, const Interval& w, std::size_t region, std::size_t member, double least_coverage) {
  Sum sum;
  for (const SeriesPiece& p : rain.pieces) {
    const TimePoint begin = std::max(p.interval.begin, w.begin), end = std::min(p.interval.end, w.end);
    if (begin >= end) continue;
    const float amount = p.of(member)[region], covered = p.coverage[region];
    if (std::isnan(amount) || !(covered > 0)) continue;
    const double share = seconds(end - begin) / seconds(p.interval.length());
    const double mm = share * (double{covered} >= least_coverage ? double{amount} : double{amount} * double{covered});
    (p.origin == Origin::observed ? sum.observed : sum.future) += mm;
    sum.known += double{covered} * seconds(end - begin);
  }
  return sum;
}

}  // namespace

Level plain_rain_level(const RulePack& pack, const HazardInputs& in, std::size_t region, std::size_t member) {
  const HazardSeries& rain = *in.find_series("precipitation_amount", "mean");
  const auto over = [&](const Interval& w) { return sum_over(rain, w, region, member, pack.least_coverage); };
  const Interval soon{in.issue, in.issue + pack.continuing_within};
  const Sum next = over(soon);
  const bool continuing = next.observed + next.future >= pack.continuing_mm || next.known < pack.least_coverage * seconds(soon.length());
  Level level = Level::none;
  for (const RainRule& rule : rain_rules(pack)) {
    if (level > rule.level) break;
    const TimePoint last = std::max(in.issue, std::min(in.issue + rule.window, in.horizon));
    std::vector<TimePoint> ends{in.issue, last};
    for (const SeriesPiece& p : rain.pieces)
      for (const TimePoint t : {p.interval.begin, p.interval.end, p.interval.begin + rule.window, p.interval.end + rule.window})
        if (t > in.issue && t < last) ends.push_back(t);
    for (const TimePoint e : ends) {
      const Sum s = over({e - rule.window, e});
      const double limit = rule.threshold_mm * (1 - 1e-6);
      const bool holds = s.observed + s.future >= limit && (s.observed < limit || continuing || s.future >= pack.continuing_mm);
      if (holds) level = rule.level;
      else if (s.known / seconds(rule.window) < pack.least_coverage && level == Level::none) level = Level::unknown;
    }
  }
  return level;
}

}  // namespace guyu::test
