#include "models/rainstorm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

double seconds(Seconds s) { return static_cast<double>(s.count()); }

// Running totals of one region at the ends of the pieces; linear in between, flat (unknown) in gaps.
class Totals {
 public:
  explicit Totals(const RainSeries& rain) : rain_(rain) {
    for (const RainPiece& p : rain.pieces) {
      times_.push_back(p.interval.begin);
      times_.push_back(p.interval.end);
    }
    totals_.resize(times_.size());
  }
  void load(std::size_t region, std::size_t member, double least_coverage) {
    Sum run;
    for (std::size_t k = 0; k < rain_.pieces.size(); ++k) {
      const RainPiece& p = rain_.pieces[k];
      totals_[2 * k] = run;
      const float amount = p.amount_of(member)[region], covered = p.coverage[region];
      if (!std::isnan(amount) && covered > 0) {
        // With too little of the area seen, only what was seen counts: the rest is at least dry.
        const double mm = covered >= least_coverage ? double{amount} : double{amount} * double{covered};
        (p.origin == RainOrigin::observed ? run.observed : run.future) += mm;
        run.known += double{covered} * seconds(p.interval.length());
      }
      totals_[2 * k + 1] = run;
    }
  }
  struct Sum {
    double observed = 0, future = 0, known = 0;
  };
  Sum over(const Interval& w) const {
    const Sum a = until(w.begin), b = until(w.end);
    return {b.observed - a.observed, b.future - a.future, b.known - a.known};
  }
  const std::vector<TimePoint>& times() const { return times_; }

 private:
  Sum until(TimePoint t) const {
    if (times_.empty() || t <= times_.front()) return {};
    if (t >= times_.back()) return totals_.back();
    const auto k = static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), t) - times_.begin());
    const Sum &a = totals_[k - 1], &b = totals_[k];
    const double f = seconds(t - times_[k - 1]) / seconds(times_[k] - times_[k - 1]);
    return {a.observed + f * (b.observed - a.observed), a.future + f * (b.future - a.future), a.known + f * (b.known - a.known)};
  }
  const RainSeries& rain_;
  std::vector<TimePoint> times_;
  std::vector<Sum> totals_;
};

// Ends of windows at which a sum can peak: where either side of the window stands at the end of a piece.
std::vector<TimePoint> window_ends(const std::vector<TimePoint>& times, TimePoint issue, TimePoint last, Seconds window) {
  std::vector<TimePoint> ends{issue, last};
  for (const TimePoint t : times)
    for (const TimePoint e : {t, t + window})
      if (e > issue && e < last) ends.push_back(e);
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

std::vector<TimePoint> ends_of(const RainRule& rule, const Totals& totals, const RainSeries& rain) {
  return window_ends(totals.times(), rain.issue, std::max(rain.issue, std::min(rain.issue + rule.window, rain.horizon)), rule.window);
}

// The level in one possible future.
RiskRow judge(const RulePack& pack, const RainSeries& rain, const Totals& totals, const std::vector<std::vector<TimePoint>>& ends, std::size_t region) {
  constexpr double kRounding = 1e-6;  // float amounts that add up to a round threshold
  const Seconds age = rain.observed_to ? rain.issue - *rain.observed_to : Seconds::max();
  const Interval soon{rain.issue, rain.issue + pack.continuing_within};
  const Totals::Sum next = totals.over(soon);
  const bool continuing = next.observed + next.future >= pack.continuing_mm || next.known < pack.least_coverage * seconds(soon.length());

  RiskRow row{region, pack.hazard, Level::none, {rain.issue, rain.horizon}, {}, {}, 0};
  row.evidence.data_age = age;
  double nearest = -1;  // how near a rule came, as a share of its threshold
  for (std::size_t k = 0; k < pack.rules.size(); ++k) {
    const RainRule& rule = pack.rules[k];
    if (row.level > rule.level) break;
    for (const TimePoint e : ends[k]) {
      const Interval window{e - rule.window, e};
      const Totals::Sum sum = totals.over(window);
      const double coverage = std::clamp(sum.known / seconds(rule.window), 0.0, 1.0);
      const double limit = rule.threshold_mm * (1 - kRounding);
      const bool observed_alone = sum.observed >= limit;
      const bool holds = sum.observed + sum.future >= limit && (!observed_alone || continuing || sum.future >= pack.continuing_mm);
      if (!holds && coverage < pack.least_coverage && row.level == Level::none) row.level = Level::unknown;
      const bool better = holds && rule.level > row.level;
      const double share = (sum.observed + sum.future) / rule.threshold_mm;
      const bool same = holds == (row.level >= Level::blue);
      if (better || (same && share > nearest + kRounding)) {
        nearest = share;
        row.evidence = {rule.name, window, rule.threshold_mm, sum.observed, sum.future, coverage, age, observed_alone, row.evidence.probability};
      }
      if (!holds) continue;
      if (better) row.valid = {rain.issue, std::max(e, rain.issue + pack.continuing_within)};
      row.valid.end = std::max(row.valid.end, e);
      row.level = rule.level;
    }
  }
  return row;
}

// One answer out of those of all futures: the severest level that enough of them reach. None needs enough
// that say so: when those that cannot tell could make the difference, the answer is unknown. The evidence is
// that of the middle one, by its rain as a share of the threshold, among the futures of that level.
RiskRow decide(std::span<const RiskRow> futures, double probability, const CalibratedProbability& calibrated) {
  const auto n = static_cast<double>(futures.size());
  const auto share = [&](auto&& holds) { return static_cast<double>(std::count_if(futures.begin(), futures.end(), holds)) / n; };
  constexpr double kRounding = 1e-9;
  const double unknown = share([](const RiskRow& r) { return r.level == Level::unknown; });
  std::array<float, 4> reached{};
  Level level = Level::none;
  float milder = 1;  // a severer level is no likelier than a milder one
  for (const Level l : {Level::blue, Level::yellow, Level::orange, Level::red}) {
    auto p = static_cast<float>(share([&](const RiskRow& r) { return r.level >= l; }));
    // What cannot be told cannot be calibrated.
    if (calibrated && unknown < 1) p = calibrated(futures.front().region, l, p);
    milder = reached[static_cast<std::size_t>(l) - 1] = std::min(p, milder);
    if (double{milder} >= probability - kRounding) level = l;
  }
  if (level == Level::none && double{reached[0]} + unknown >= probability - kRounding && unknown > 0) level = Level::unknown;

  std::vector<const RiskRow*> same;
  for (const RiskRow& r : futures)
    if (r.level == level) same.push_back(&r);
  // Unknown by their number only, or a level that no future has: those that come nearest to it.
  Level nearest = Level::unknown;
  for (const RiskRow& r : futures) nearest = std::max(nearest, std::min(r.level, level));
  if (same.empty()) {
    for (const RiskRow& r : futures)
      if (level == Level::unknown || std::min(r.level, level) == nearest) same.push_back(&r);
  }
  const auto nearness = [](const RiskRow* r) {
    return r->evidence.threshold > 0 ? (r->evidence.observed + r->evidence.forecast) / r->evidence.threshold : 0.0;
  };
  std::stable_sort(same.begin(), same.end(), [&](const RiskRow* a, const RiskRow* b) { return nearness(a) < nearness(b); });
  RiskRow row = *same[(same.size() - 1) / 2];
  row.level = level;
  row.probability = reached;
  row.unknown_share = static_cast<float>(unknown);
  if (level >= Level::blue) row.evidence.probability = double{reached[static_cast<std::size_t>(level) - 1]};
  return row;
}

}  // namespace

Seconds RainstormModel::history_needed() const {
  Seconds longest{0};
  for (const RainRule& r : pack_.rules) longest = std::max(longest, r.window);
  return longest;
}

std::vector<RuleTrail> RainstormModel::explain(const RainSeries& rain, std::size_t region) const {
  std::vector<RuleTrail> trails;
  const auto n = static_cast<double>(rain.members);
  Totals totals(rain);
  for (const RainRule& rule : pack_.rules) {
    RulePack alone = pack_;
    alone.rules = {rule};
    const std::vector<std::vector<TimePoint>> ends{ends_of(rule, totals, rain)};
    std::array<std::vector<Evidence>, 3> futures;  // by answer
    for (std::size_t m = 0; m < rain.members; ++m) {
      totals.load(region, m, pack_.least_coverage);
      const RiskRow row = judge(alone, rain, totals, ends, region);
      const Answer answer = row.level >= Level::blue ? Answer::yes : row.level == Level::unknown ? Answer::unknown : Answer::no;
      futures[static_cast<std::size_t>(answer)].push_back(row.evidence);
    }
    RuleTrail t;
    t.rule = rule.name;
    t.level = rule.level;
    t.threshold = rule.threshold_mm;
    t.member_share = static_cast<double>(futures[1].size()) / n;
    t.unknown_share = static_cast<double>(futures[2].size()) / n;
    constexpr double kRounding = 1e-9;
    const double needed = pack_.decision_probability - kRounding;
    t.answer = t.member_share >= needed ? Answer::yes : futures[2].empty() || t.member_share + t.unknown_share < needed ? Answer::no : Answer::unknown;
    std::vector<Evidence>* same = &futures[static_cast<std::size_t>(t.answer)];
    if (same->empty()) same = &*std::max_element(futures.begin(), futures.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    const auto amount = [](const Evidence& e) { return e.observed + e.forecast; };
    std::stable_sort(same->begin(), same->end(), [&](const Evidence& a, const Evidence& b) { return amount(a) < amount(b); });
    const Evidence& middle = (*same)[(same->size() - 1) / 2];
    t.window = middle.window;
    t.observed = middle.observed;
    t.forecast = middle.forecast;
    t.coverage = middle.coverage;
    // What is reached already and is over lacks only rain that goes on.
    const bool over = t.answer == Answer::no && middle.observed >= rule.threshold_mm;
    if (t.answer == Answer::yes) t.margin = amount(middle) - rule.threshold_mm;
    if (t.answer == Answer::no) t.margin = over ? std::max(0.0, pack_.continuing_mm - middle.forecast) : rule.threshold_mm - amount(middle);
    trails.push_back(std::move(t));
  }
  return trails;
}

std::vector<RiskRow> RainstormModel::evaluate(const RainSeries& rain) const {
  std::vector<RiskRow> rows(rain.regions);
  const Totals all(rain);
  std::vector<std::vector<TimePoint>> ends;
  for (const RainRule& rule : pack_.rules) ends.push_back(ends_of(rule, all, rain));
  parallel_for(static_cast<std::int64_t>(rain.regions), 64, [&](std::int64_t begin, std::int64_t end) {
    Totals totals(rain);
    std::vector<RiskRow> futures(rain.members);
    for (auto region = static_cast<std::size_t>(begin); region < static_cast<std::size_t>(end); ++region) {
      for (std::size_t m = 0; m < rain.members; ++m) {
        totals.load(region, m, pack_.least_coverage);
        futures[m] = judge(pack_, rain, totals, ends, region);
      }
      rows[region] = decide(futures, pack_.decision_probability, calibrated_);
    }
  });
  return rows;
}

}  // namespace guyu
