#include "models/rules/rule_finder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "models/rules/region_values.h"

namespace guyu {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// What may be, and whether it is sure.
struct Verdict {
  bool yes = false, can = true;
};
// When what has held without a break began, or when something held last, in hours; of what is sure and of what may be.
struct Run {
  float yes, can;
};
struct Judged {
  Verdict verdict;
  float near = kFar;
};

Verdict compare(const PlannedCondition& p, const ValueRange& r, const Limit& l) {
  const float lo = p.upward() ? r.lo : -r.hi, hi = p.upward() ? r.hi : -r.lo;
  return {lo >= l.least, !(hi < l.least)};
}
float nearness(const PlannedCondition& p, const ValueRange& r, const Limit& l) { return std::max(kFar, 1 + ((p.upward() ? r.lo : -r.hi) - l.level) * l.scale); }

}  // namespace

struct RuleFinder::State {
  explicit State(const RulePlan& p) : plan(p) {
    for (const RulePlan::Axis& a : plan.axes) values.emplace_back(*a.time, a.least_coverage);
    std::size_t most = 0;
    for (const PlannedRule& r : plan.rules) most = std::max(most, r.conditions.size());
    judged.resize(most), runs.resize(most), now.resize(most), found.resize(most), limits.resize(most);
  }
  const RulePlan& plan;
  std::size_t region = 0, member = 0;
  std::vector<RegionValues> values;  // by axis
  // By place in the rule.
  std::vector<Judged> judged;
  std::vector<Run> runs;
  std::vector<RuleFinding> now, found;
  std::vector<Limit> limits;
  std::size_t binding_then = 0;  // of a rule at one time: the condition that bound at the moment that is told of

  void prepare(const PlannedRule& r) {
    RuleFinding none;
    none.coverage = -1;  // nothing noted yet
    none.value = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      const PlannedCondition& p = r.conditions[a];
      found[a] = none;
      judged[a] = {};  // a rule without samples judges nothing
      if (!p.answerable) continue;
      values[p.axis].load(region, member);
      if (p.soon_axis != kNoAxis) values[p.soon_axis].load(region, member);
      limits[a] = p.limit_of(region);
    }
  }

  ValueRange get(const PlannedCondition& p, const AxisWindow& w) { return values[p.axis].get(p.condition->aggregate, w); }
  // Whether rain is likely to continue, or nobody knows.
  bool goes_on(const PlannedCondition& p) {
    if (p.soon_axis == kNoAxis) return true;
    const ValueRange soon = values[p.soon_axis].get(Aggregate::sum, p.soon);
    return soon.lo >= static_cast<float>(p.pack->continuing_mm) || soon.hi == kInfinity;
  }

  // What is to come in the window: of a mean the rest of the sum, of places the most that any of them gets.
  float later(const PlannedCondition& p, const PlannedSample& s, float rest) {
    return p.condition->sums_places() && p.soon_axis != kNoAxis ? values[p.soon_axis].get(Aggregate::sum, s.to_come).lo : rest;
  }

  // What a sample compares lies between these.
  ValueRange range(const PlannedCondition& p, const PlannedSample& s, const Limit& l) {
    ValueRange now_range = get(p, s.window);
    if (p.condition->change != Change::none) {
      const ValueRange then = get(p, s.earlier);
      const ValueRange fall{then.lo - now_range.hi, then.hi - now_range.lo};
      return p.condition->change == Change::fall ? fall : ValueRange{-fall.hi, -fall.lo};
    }
    if (!s.may_be_over) return now_range;
    // What observed rain alone has reached counts only if it goes on, soon or later in the window, or nobody knows.
    const float part = values[p.axis].observed_part(s.window);
    if (part >= l.reached && later(p, s, now_range.lo - part) < static_cast<float>(p.pack->continuing_mm) && !goes_on(p)) {
      now_range.lo = -kInfinity;
      if (now_range.hi < kInfinity) now_range.hi = -kInfinity;
    }
    return now_range;
  }

  Run start_run(const PlannedCondition& p) const {
    const bool lasts = p.condition->lasting.count() > 0;
    // Before the first sample nothing is known: it may have held ever since, or just before.
    return {lasts ? kInfinity : -kInfinity, lasts ? -kInfinity : plan.hour_of(p.known_from)};
  }
  // Turns the verdict on a sample into that of having lasted, or having been once.
  Verdict persist(const PlannedCondition& p, const PlannedSample& s, const Verdict& v, Run& run) const {
    const Condition& c = *p.condition;
    if (c.lasting.count() > 0) {
      const float since = plan.hour_of(s.sample.end - c.lasting) + kJustAfter, from = plan.hour_of(s.begin);
      run = {v.yes ? std::min(run.yes, from) : kInfinity, v.can ? std::min(run.can, from) : kInfinity};
      return {run.yes <= since, run.can <= since};
    }
    if (c.once_in.count() == 0) return v;
    const float since = plan.hour_of(s.sample.end - c.once_in) + kJustAfter, at = plan.hour_of(s.sample.end);
    run = {v.yes ? at : run.yes, v.can ? at : run.can};
    return {run.yes > since, run.can > since};
  }

  // Keeps the figures of the sample when it is the clearest one so far.
  void note(const PlannedCondition& p, const PlannedSample& s, const ValueRange& r, const Judged& j, const Limit& l, RuleFinding& into) {
    const bool holds = j.verdict.yes, held = into.answer == Answer::yes;
    if (holds) into.last_holding = std::max(into.last_holding, s.sample.end);
    // What is over is as near as what was observed of it.
    const float known = s.may_be_over ? get(p, s.window).lo : p.upward() ? r.lo : r.hi;
    const double close = s.may_be_over ? double{1 + (known - l.level) * l.scale} : double{j.near};
    // Equal ones: the earlier stays.
    constexpr double kEqual = 1e-6;
    const bool first = into.coverage < 0;
    if (!first && (holds == held ? close <= into.nearness + kEqual : held)) return;
    into.answer = holds ? Answer::yes : j.verdict.can ? Answer::unknown : Answer::no;
    into.nearness = close;
    into.window = s.sample.value;
    into.threshold = threshold(p);
    into.value = std::isfinite(known) ? double{known} : std::numeric_limits<double>::quiet_NaN();
    into.coverage = double{values[p.axis].known_share(s.window)};
    if (p.condition->aggregate == Aggregate::sum && p.condition->change == Change::none) {
      const float part = values[p.axis].observed_part(s.window);
      into.observed = double{part};
      into.forecast = std::max(0.0, into.value - into.observed);
      into.observed_alone = part >= l.reached;
      into.to_come = p.condition->sums_places() ? double{later(p, s, 0)} : into.forecast;
    } else {
      into.observed = s.sample.past ? into.value : 0;
      into.forecast = s.sample.past ? 0 : into.value;
      into.observed_alone = s.sample.past && holds;
    }
  }
  double threshold(const PlannedCondition& p) const { return double{static_cast<float>(p.threshold_of(region))}; }

  Judged over_samples(const PlannedCondition& p, const Limit& l, RuleFinding& into) {
    Verdict any{false, p.time_unknown}, past{false, false};
    bool may_go_on = p.time_unknown, has_next = false;
    float near_yes = kFar, near_best = kFar;
    Run run = start_run(p);
    for (const PlannedSample& s : p.samples) {
      const ValueRange r = range(p, s, l);
      const Judged j{persist(p, s, compare(p, r, l), run), nearness(p, r, l)};
      if (!s.sample.in_time || (!s.sample.counts && !s.sample.past)) continue;
      Verdict& of = s.sample.counts ? any : past;
      of.yes = of.yes || j.verdict.yes, of.can = of.can || j.verdict.can;
      if (s.sample.counts && s.soon) has_next = true, may_go_on = may_go_on || j.verdict.can;
      note(p, s, r, j, l, into);
      if (j.verdict.yes) near_yes = std::max(near_yes, j.near);
      near_best = std::max(near_best, j.near);
    }
    // What was observed just now holds on, unless it is known that it does not.
    may_go_on = may_go_on || !has_next;
    any.yes = any.yes || (past.yes && may_go_on);
    any.can = any.can || (past.can && may_go_on);
    return {any, any.yes && near_yes > kFar ? near_yes : near_best};
  }

  // Kleene: at least `needed` of the counted ones, and all that are required. Nearness: of the needed ones the farthest, of those and the required ones the
  // farther.
  Judged combined(const PlannedRule& r) const {
    std::size_t yes = 0, can = 0;
    Verdict must{true, true};
    float near = r.any() && !r.every() ? -kInfinity : kInfinity;
    const auto counts = [&](std::size_t a) { return !r.conditions[a].condition->required; };
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      const Verdict& v = judged[a].verdict;
      if (counts(a)) yes += v.yes ? 1 : 0, can += v.can ? 1 : 0;
      else must.yes = must.yes && v.yes, must.can = must.can && v.can;
    }
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      if (!counts(a)) continue;
      std::size_t no_less = 0;  // in order of nearness, and then of place
      for (std::size_t b = 0; b < r.conditions.size(); ++b)
        no_less += counts(b) && (judged[b].near > judged[a].near || (judged[b].near == judged[a].near && b <= a)) ? 1 : 0;
      if (no_less == r.rule->needed) near = judged[a].near;
    }
    for (std::size_t a = 0; a < r.conditions.size(); ++a)
      if (!counts(a)) near = std::min(near, judged[a].near);
    return {{yes >= r.rule->needed && must.yes, can >= r.rule->needed && must.can}, near};
  }
  std::size_t binding(const PlannedRule& r) const {
    const float near = combined(r).near;
    for (std::size_t a = 0; a < r.conditions.size(); ++a)
      if (judged[a].near == near) return a;
    return 0;
  }

  Judged in_window(const PlannedRule& r) {
    for (std::size_t a = 0; a < r.conditions.size(); ++a)
      judged[a] = r.conditions[a].answerable ? over_samples(r.conditions[a], limits[a], found[a]) : Judged{};
    return combined(r);
  }

  // All conditions at one and the same moment.
  Judged at_times(const PlannedRule& r) {
    std::size_t samples = 0;
    bool told = false, unknown_time = false;
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      samples = std::max(samples, r.conditions[a].samples.size());
      unknown_time = unknown_time || (r.conditions[a].answerable && r.conditions[a].time_unknown);
      runs[a] = start_run(r.conditions[a]);
    }
    Judged best{{false, false}, kFar};
    binding_then = binding(r);
    for (std::size_t i = 0; i < samples; ++i) {
      bool counts = true;
      for (std::size_t a = 0; a < r.conditions.size(); ++a) {
        const PlannedCondition& p = r.conditions[a];
        judged[a] = {};
        now[a] = {};
        now[a].coverage = -1;
        if (!p.answerable) {
          now[a].coverage = 0;
          continue;
        }
        const PlannedSample& s = p.samples[i];
        const ValueRange range_now = range(p, s, limits[a]);
        judged[a] = {persist(p, s, compare(p, range_now, limits[a]), runs[a]), nearness(p, range_now, limits[a])};
        counts = counts && s.sample.counts && s.sample.in_time;
        note(p, s, range_now, judged[a], limits[a], now[a]);
      }
      if (!counts) continue;
      const bool first = !std::exchange(told, true);
      const Judged j = combined(r);
      TimePoint last = found[0].last_holding;
      const bool better = j.near > best.near || (j.verdict.yes && !best.verdict.yes);
      const bool takes = better && !(best.verdict.yes && !j.verdict.yes);
      if (takes) std::copy_n(now.begin(), r.conditions.size(), found.begin());
      if (takes || first) binding_then = binding(r);
      if (j.verdict.yes) last = std::max(last, now[0].window.end);
      for (std::size_t a = 0; a < r.conditions.size(); ++a) found[a].last_holding = last;
      best = {{best.verdict.yes || j.verdict.yes, best.verdict.can || j.verdict.can}, std::max(best.near, j.near)};
    }
    // Time that some condition knows nothing of; or no sample at all.
    best.verdict.can = best.verdict.can || !told || unknown_time;
    return best;
  }
};

RuleFinder::RuleFinder(const RulePlan& plan) : state_(std::make_unique<State>(plan)) {}
RuleFinder::~RuleFinder() = default;

void RuleFinder::load(std::size_t region, std::size_t member) {
  State& s = *state_;
  s.region = region;
  s.member = member;
}

void RuleFinder::expect(std::size_t rule, std::size_t region, std::size_t member) const {
  for (const PlannedCondition& p : state_->plan.rules[rule].conditions) {
    if (!p.answerable) continue;
    const float* const* rows = state_->plan.axes[p.axis].time->rows(member);
    for (std::size_t k = p.first_piece; k < p.last_piece; ++k) __builtin_prefetch(rows[k] + region);
  }
}

RuleFinding RuleFinder::find(std::size_t rule) {
  State& s = *state_;
  const PlannedRule& r = s.plan.rules[rule];
  if (!r.in_time) {
    RuleFinding none;
    none.value = std::numeric_limits<double>::quiet_NaN();
    none.answer = Answer::no, none.nearness = double{kFar}, none.threshold = r.rule->conditions[0].threshold;
    return none;
  }
  s.prepare(r);
  Judged j = r.at_times ? s.at_times(r) : s.in_window(r);
  for (const PlannedGate& g : r.gates) {
    const Answer is_one = g.is_one(s.region);
    j.verdict = {j.verdict.yes && is_one == Answer::yes, j.verdict.can && is_one != Answer::no};
  }
  const std::size_t binding = r.at_times ? s.binding_then : s.binding(r);
  RuleFinding f = s.found[binding];
  f.condition = binding;
  f.coverage = std::max(f.coverage, 0.0);
  f.answer = j.verdict.yes ? Answer::yes : j.verdict.can ? Answer::unknown : Answer::no;
  f.nearness = double{j.near};
  f.threshold = r.conditions[binding].answerable ? s.threshold(r.conditions[binding]) : r.rule->conditions[binding].threshold;
  for (std::size_t a = 0; a < r.conditions.size(); ++a) f.last_holding = std::max(f.last_holding, s.found[a].last_holding);
  return f;
}

}  // namespace guyu
