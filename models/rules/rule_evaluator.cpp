#include "models/rules/rule_evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/rules/rule_plan.h"

namespace guyu {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kFar = -1e30F;      // nearness of what is not known
constexpr double kRounding = 1e-6;  // float amounts that add up to a round threshold

bool is_upward(Compare c) { return c == Compare::at_least || c == Compare::above; }

}  // namespace

RuleEvaluator::RuleEvaluator(const std::vector<const RulePack*>& packs, const HazardInputs& inputs) : plan_(std::make_unique<RulePlan>(packs, inputs)) {}
RuleEvaluator::~RuleEvaluator() = default;
TimePoint RuleEvaluator::horizon(std::size_t pack) const { return plan_->horizons[pack]; }

struct RuleEvaluator::Work::State {
  State(const RulePlan& p, std::size_t size) : plan(p), block(size), loaded(p.axes.size()), limited(p.conditions), limits(p.conditions) {
    for (const RulePlan::Axis& a : plan.axes) values.push_back(std::make_unique<WindowValues>(*a.time, a.needs, a.least_coverage, block));
    for (auto* a : {&lo_space, &hi_space, &lo2_space, &hi2_space, &observed, &soon, &near, &near_yes, &near_best, &run_yes, &run_can}) a->resize(block);
    for (Reduced* r : {&all, &past, &next}) r->lo.resize(block), r->hi.resize(block);
    for (auto* a : {&yes, &can, &any_yes, &any_can, &past_yes, &past_can, &next_can, &count_yes, &count_can, &must_yes, &must_can}) a->resize(block);
    for (Limits& l : limits) l.threshold.resize(block), l.tolerance.resize(block), l.scale.resize(block);
    std::size_t most = 0;
    for (const PlannedRule& r : plan.rules) most = std::max(most, r.conditions.size());
    condition_near.assign(most, std::vector<float>(block));
    runs.assign(most, {std::vector<float>(block), std::vector<float>(block)});
    one = {std::vector<std::int32_t>(1), std::vector<std::int32_t>(1), std::vector<float>(1)};
  }

  // What values are compared with, by region.
  struct Limits {
    std::vector<float> threshold, tolerance, scale;
  };
  // The farthest that the bounds of several samples reach: that any of them passes a threshold is that these do.
  struct Reduced {
    std::vector<float> lo, hi;
  };
  const RulePlan& plan;
  std::size_t block, begin = 0, n = 0, member = 0;
  std::vector<bool> loaded, limited;  // axes of the block; thresholds of the conditions
  std::vector<std::unique_ptr<WindowValues>> values;
  std::vector<Limits> limits;  // by number of the condition
  std::vector<float> lo_space, hi_space, lo2_space, hi2_space, observed, soon, near, near_yes, near_best, run_yes, run_can;
  Reduced all, past, next;
  std::vector<std::int32_t> yes, can, any_yes, any_can, past_yes, past_can, next_can, count_yes, count_can, must_yes, must_can;
  std::vector<std::vector<float>> condition_near;                       // by place in the rule
  std::vector<std::pair<std::vector<float>, std::vector<float>>> runs;  // likewise
  RuleAnswers one;

  // Series and thresholds are loaded when a rule first asks for them.
  void prepare(const PlannedRule& r) {
    for (const PlannedCondition& p : r.conditions) {
      if (!p.answerable) continue;
      if (!loaded[p.axis]) values[p.axis]->load_block(begin, n), loaded[p.axis] = true;
      values[p.axis]->load_member(member);
      if (!limited[p.number]) load_limits(p), limited[p.number] = true;
    }
  }

  void load_limits(const PlannedCondition& p) {
    const Condition& c = *p.condition;
    Limits& l = limits[p.number];
    for (std::size_t k = 0; k < n; ++k) {
      const double t = p.threshold ? p.threshold_unit(double{p.threshold->values[begin + k]}) * c.factor : c.threshold;
      l.threshold[k] = static_cast<float>(t);
      l.scale[k] = static_cast<float>(1 / (p.reach > 0 ? p.reach : std::abs(t) > 0 ? std::abs(t) : 1));
      l.tolerance[k] = static_cast<float>(kRounding * std::abs(t));
    }
  }

  // What a sample compares lies between these.
  Bounds bounds(const PlannedCondition& p, const PlannedSample& s) {
    const Condition& c = *p.condition;
    const WindowValues& v = *values[p.axis];
    const Bounds now = v.get(c.aggregate, s.window, lo_space.data(), hi_space.data());
    if (c.change != Change::none) {
      const Bounds then = v.get(c.aggregate, s.earlier, lo2_space.data(), hi2_space.data());
      // Missing bounds are infinite, and so is their difference; the lower ones are never plus infinity.
      for (std::size_t k = 0; k < n; ++k) {
        const float fall_lo = then.lo[k] - now.hi[k], fall_hi = then.hi[k] - now.lo[k];
        lo2_space[k] = c.change == Change::fall ? fall_lo : -fall_hi;
        hi2_space[k] = c.change == Change::fall ? fall_hi : -fall_lo;
      }
      return {lo2_space.data(), hi2_space.data()};
    }
    if (!may_be_over(p, s)) return now;
    // What observed rain alone has reached counts only if it goes on, soon or later in the window, or nobody knows.
    const Limits& l = limits[p.number];
    v.observed_part(s.window, observed.data());
    const auto enough = static_cast<float>(p.pack->continuing_mm);
    for (std::size_t k = 0; k < n; ++k) {
      const float lo = now.lo[k], hi = now.hi[k];
      const bool over = observed[k] >= l.threshold[k] - l.tolerance[k] && soon[k] == 0 && lo - observed[k] < enough;
      lo_space[k] = over ? -kInfinity : lo;
      hi_space[k] = over && hi < kInfinity ? -kInfinity : hi;
    }
    return {lo_space.data(), hi_space.data()};
  }
  static bool may_be_over(const PlannedCondition& p, const PlannedSample& s) {
    const Condition& c = *p.condition;
    return c.aggregate == Aggregate::sum && c.change == Change::none && is_upward(c.compare) && s.window.partly_observed;
  }

  // Whether bounds pass the condition's threshold: y for sure, c perhaps. lo and hi may be reduced from many.
  void compare(const PlannedCondition& p, const Bounds& b, std::vector<std::int32_t>& y, std::vector<std::int32_t>& c) const {
    const Limits& l = limits[p.number];
    const float *lo = b.lo, *hi = b.hi, *t = l.threshold.data(), *e = l.tolerance.data();
    std::int32_t *sure = y.data(), *may = c.data();
    switch (p.condition->compare) {
      case Compare::at_least:
        for (std::size_t k = 0; k < n; ++k) sure[k] = lo[k] >= t[k] - e[k] ? 1 : 0, may[k] = hi[k] < t[k] - e[k] ? 0 : 1;
        break;
      case Compare::above:
        for (std::size_t k = 0; k < n; ++k) sure[k] = lo[k] > t[k] ? 1 : 0, may[k] = hi[k] <= t[k] ? 0 : 1;
        break;
      case Compare::at_most:
        for (std::size_t k = 0; k < n; ++k) sure[k] = hi[k] <= t[k] + e[k] ? 1 : 0, may[k] = lo[k] > t[k] + e[k] ? 0 : 1;
        break;
      case Compare::below:
        for (std::size_t k = 0; k < n; ++k) sure[k] = hi[k] < t[k] ? 1 : 0, may[k] = lo[k] >= t[k] ? 0 : 1;
        break;
    }
  }
  void nearness(const PlannedCondition& p, const Bounds& b, std::vector<float>& out) const {
    const Limits& l = limits[p.number];
    if (is_upward(p.condition->compare))
      for (std::size_t k = 0; k < n; ++k) out[k] = std::max(kFar, 1 + (b.lo[k] - l.threshold[k]) * l.scale[k]);
    else
      for (std::size_t k = 0; k < n; ++k) out[k] = std::max(kFar, 1 + (l.threshold[k] - b.hi[k]) * l.scale[k]);
  }

  // Whether rain is likely to continue, for the whole block: 1 yes or unknown, 0 no.
  void load_soon(const PlannedCondition& p) {
    const Bounds b = values[p.axis]->get(Aggregate::sum, p.soon, lo_space.data(), hi_space.data());
    const auto enough = static_cast<float>(p.pack->continuing_mm);
    for (std::size_t k = 0; k < n; ++k) soon[k] = b.lo[k] >= enough || b.hi[k] == kInfinity ? 1.0F : 0.0F;
  }

  void start_runs(const PlannedCondition& p) {
    const bool lasts = p.condition->lasting.count() > 0;
    // Before the first sample nothing is known: it may have held ever since, or just before.
    std::fill_n(run_yes.begin(), n, lasts ? kInfinity : -kInfinity);
    std::fill_n(run_can.begin(), n, lasts ? -kInfinity : hour_of(p.known_from));
  }
  float hour_of(TimePoint t) const { return static_cast<float>(static_cast<double>((t - plan.inputs.issue).count()) / 3600); }

  // Turns yes and can of a sample into those of having lasted, or having been once.
  void persist(const PlannedCondition& p, const PlannedSample& s) {
    const Condition& c = *p.condition;
    if (c.lasting.count() > 0) {
      const float since = hour_of(s.sample.end - c.lasting) + 1e-3F, from = hour_of(s.begin);
      for (std::size_t k = 0; k < n; ++k) {
        run_yes[k] = yes[k] ? std::min(run_yes[k], from) : kInfinity;
        run_can[k] = can[k] ? std::min(run_can[k], from) : kInfinity;
        yes[k] = run_yes[k] <= since;
        can[k] = run_can[k] <= since;
      }
    } else if (c.once_in.count() > 0) {
      const float since = hour_of(s.sample.end - c.once_in) + 1e-3F, now = hour_of(s.sample.end);
      for (std::size_t k = 0; k < n; ++k) {
        run_yes[k] = yes[k] ? now : run_yes[k];
        run_can[k] = can[k] ? now : run_can[k];
        yes[k] = run_yes[k] > since;
        can[k] = run_can[k] > since;
      }
    }
  }

  bool begins_soon(const PlannedCondition& p, const PlannedSample& s) const { return s.begin < plan.inputs.issue + p.pack->continuing_within; }

  void reduce(bool upward, const Bounds& b, Reduced& into) const {
    float *lo = into.lo.data(), *hi = into.hi.data();
    const auto farther = [upward, this](float* into_these, const float* from) {
      if (upward)
        for (std::size_t k = 0; k < n; ++k) into_these[k] = from[k] > into_these[k] ? from[k] : into_these[k];
      else
        for (std::size_t k = 0; k < n; ++k) into_these[k] = from[k] < into_these[k] ? from[k] : into_these[k];
    };
    farther(lo, b.lo);
    farther(hi, b.hi);
  }

  // One condition over all of its samples: any_yes, any_can, and how near the nearest of them came.
  void over_samples(const PlannedCondition& p) {
    const bool upward = is_upward(p.condition->compare);
    const float nothing = upward ? -kInfinity : kInfinity;
    for (Reduced* r : {&all, &past, &next}) {
      if (r != &all && !p.has_past) continue;
      std::fill_n(r->lo.begin(), n, nothing);
      std::fill_n(r->hi.begin(), n, nothing);
    }
    if (p.condition->aggregate == Aggregate::sum) load_soon(p);
    bool has_next = false;
    for (const PlannedSample& s : p.samples) {
      if (!s.sample.in_time || (!s.sample.counts && !s.sample.past)) continue;
      const Bounds b = bounds(p, s);
      reduce(upward, b, s.sample.counts ? all : past);
      if (!p.has_past || !s.sample.counts || !begins_soon(p, s)) continue;
      has_next = true;
      reduce(upward, b, next);
    }
    compare(p, {all.lo.data(), all.hi.data()}, any_yes, any_can);
    nearness(p, {all.lo.data(), all.hi.data()}, near_best);
    if (p.time_unknown) std::fill_n(any_can.begin(), n, 1);
    if (!p.has_past) return;
    compare(p, {past.lo.data(), past.hi.data()}, past_yes, past_can);
    if (has_next && !p.time_unknown) compare(p, {next.lo.data(), next.hi.data()}, yes, next_can);
    else std::fill_n(next_can.begin(), n, 1);
    // What was observed just now holds on, unless it is known that it does not.
    for (std::size_t k = 0; k < n; ++k) any_yes[k] |= past_yes[k] & next_can[k], any_can[k] |= past_can[k] & next_can[k];
    nearness(p, {past.lo.data(), past.hi.data()}, near);
    for (std::size_t k = 0; k < n; ++k) near_best[k] = std::max(near_best[k], near[k]);
  }

  // The same sample by sample: for conditions that must last, and to find the figures of the moment that decides.
  void step_through_samples(const PlannedCondition& p, RuleFinding* found) {
    std::fill_n(any_yes.begin(), n, 0);
    std::fill_n(any_can.begin(), n, p.time_unknown ? 1 : 0);
    std::fill_n(near_yes.begin(), n, kFar);
    std::fill_n(near_best.begin(), n, kFar);
    std::fill_n(past_yes.begin(), n, 0);
    std::fill_n(past_can.begin(), n, 0);
    std::fill_n(next_can.begin(), n, p.time_unknown ? 1 : 0);
    if (p.condition->aggregate == Aggregate::sum) load_soon(p);
    start_runs(p);
    bool has_next = false;
    for (const PlannedSample& s : p.samples) {
      const Bounds b = bounds(p, s);
      compare(p, b, yes, can);
      nearness(p, b, near);
      persist(p, s);
      if (!s.sample.in_time || (!s.sample.counts && !s.sample.past)) continue;
      if (s.sample.counts) {
        for (std::size_t k = 0; k < n; ++k) any_yes[k] |= yes[k], any_can[k] |= can[k];
        if (begins_soon(p, s)) {
          has_next = true;
          for (std::size_t k = 0; k < n; ++k) next_can[k] |= can[k];
        }
      } else {
        for (std::size_t k = 0; k < n; ++k) past_yes[k] |= yes[k], past_can[k] |= can[k];
      }
      note(p, s, b, found);
      for (std::size_t k = 0; k < n; ++k) near_yes[k] = yes[k] ? std::max(near_yes[k], near[k]) : near_yes[k], near_best[k] = std::max(near_best[k], near[k]);
    }
    for (std::size_t k = 0; k < n; ++k) {
      const std::int32_t may_go_on = has_next ? next_can[k] : 1;
      any_yes[k] |= past_yes[k] & may_go_on;
      any_can[k] |= past_can[k] & may_go_on;
      near_best[k] = any_yes[k] && near_yes[k] > kFar ? near_yes[k] : near_best[k];
    }
  }

  // Keeps the figures of the sample when it is the clearest one so far; only of a block of one region.
  void note(const PlannedCondition& p, const PlannedSample& s, const Bounds& b, RuleFinding* found) {
    if (!found) return;
    const bool holds = yes[0] != 0;
    if (holds) found->last_holding = std::max(found->last_holding, s.sample.end);
    const bool held = found->answer == Answer::yes;
    const Condition& c = *p.condition;
    // What is over is as near as what was observed of it.
    double close = double{near[0]};
    float known = is_upward(c.compare) ? b.lo[0] : b.hi[0];
    if (may_be_over(p, s)) {
      known = values[p.axis]->get(c.aggregate, s.window, lo2_space.data(), hi2_space.data()).lo[0];
      const Limits& l = limits[p.number];
      close = double{1 + (known - l.threshold[0]) * l.scale[0]};
    }
    // Equal ones: the earlier stays.
    constexpr double kEqual = 1e-6;
    const bool first = found->coverage < 0;
    if (!first && (holds == held ? close <= found->nearness + kEqual : held)) return;
    found->answer = holds ? Answer::yes : can[0] ? Answer::unknown : Answer::no;
    found->nearness = close;
    found->window = s.sample.value;
    found->threshold = double{limits[p.number].threshold[0]};
    found->value = std::isfinite(known) ? double{known} : std::numeric_limits<double>::quiet_NaN();
    found->coverage = double{values[p.axis]->known_share(s.window, 0)};
    if (c.aggregate == Aggregate::sum && c.change == Change::none) {
      values[p.axis]->observed_part(s.window, observed.data());
      found->observed = double{observed[0]};
      found->forecast = std::max(0.0, found->value - found->observed);
      found->observed_alone = observed[0] >= limits[p.number].threshold[0] - limits[p.number].tolerance[0];
    } else {
      const bool past_sample = s.sample.past;
      found->observed = past_sample ? found->value : 0;
      found->forecast = past_sample ? 0 : found->value;
      found->observed_alone = past_sample && holds;
    }
  }

  void gates(const PlannedRule& r, RuleAnswers& out) const {
    for (const PlannedGate& g : r.gates)
      for (std::size_t k = 0; k < n; ++k) {
        const double v = g.attribute ? double{g.attribute->values[begin + k]} : std::numeric_limits<double>::quiet_NaN();
        if (std::isnan(v)) {  // it may be such a region
          out.yes[k] = 0;
          continue;
        }
        const Compare c = g.gate->compare;
        const bool holds = g.gate->equal            ? v == g.value
                           : c == Compare::at_least ? v >= g.value
                           : c == Compare::above    ? v > g.value
                           : c == Compare::at_most  ? v <= g.value
                                                    : v < g.value;
        if (!holds) out.yes[k] = out.can[k] = 0;
      }
  }

  // Kleene: at least `needed` of the counted ones, and all that are required.
  void begin_count() {
    std::fill_n(count_yes.begin(), n, 0);
    std::fill_n(count_can.begin(), n, 0);
    std::fill_n(must_yes.begin(), n, 1);
    std::fill_n(must_can.begin(), n, 1);
  }
  void count(bool required, const std::vector<std::int32_t>& y, const std::vector<std::int32_t>& c) {
    if (required)
      for (std::size_t k = 0; k < n; ++k) must_yes[k] &= y[k], must_can[k] &= c[k];
    else
      for (std::size_t k = 0; k < n; ++k) count_yes[k] += y[k], count_can[k] += c[k];
  }
  // The nearness of the combination: of the needed ones the farthest, of those and the required ones the farther.
  void joint_nearness(const Rule& rule, std::vector<float>& out) const {
    std::size_t counted = 0;
    for (const Condition& c : rule.conditions) counted += c.required ? 0 : 1;
    const bool any = rule.needed == 1, every = rule.needed == counted;
    std::fill_n(out.begin(), n, any && !every ? -kInfinity : kInfinity);
    for (std::size_t a = 0; a < rule.conditions.size(); ++a) {
      if (rule.conditions[a].required) continue;
      const float* from = condition_near[a].data();
      if (every)
        for (std::size_t k = 0; k < n; ++k) out[k] = from[k] < out[k] ? from[k] : out[k];
      else if (any)
        for (std::size_t k = 0; k < n; ++k) out[k] = from[k] > out[k] ? from[k] : out[k];
    }
    for (std::size_t k = 0; k < n && !every && !any; ++k) out[k] = nearness_of_several(rule, k);
    for (std::size_t a = 0; a < rule.conditions.size(); ++a) {
      if (!rule.conditions[a].required) continue;
      const float* from = condition_near[a].data();
      for (std::size_t k = 0; k < n; ++k) out[k] = from[k] < out[k] ? from[k] : out[k];
    }
  }
  // The needed-th largest; rules have few conditions.
  float nearness_of_several(const Rule& rule, std::size_t k) const {
    for (std::size_t a = 0; a < rule.conditions.size(); ++a) {
      if (rule.conditions[a].required) continue;
      std::size_t no_less = 0;
      for (std::size_t b = 0; b < rule.conditions.size(); ++b)
        no_less +=
            !rule.conditions[b].required && (condition_near[b][k] > condition_near[a][k] || (condition_near[b][k] == condition_near[a][k] && b <= a)) ? 1 : 0;
      if (no_less == rule.needed) return condition_near[a][k];
    }
    return kInfinity;
  }
  std::size_t binding(const Rule& rule) {
    joint_nearness(rule, near);
    for (std::size_t a = 0; a < rule.conditions.size(); ++a)
      if (condition_near[a][0] == near[0]) return a;
    return 0;
  }

  void judge_in_window(const PlannedRule& r, RuleAnswers& out, std::vector<RuleFinding>* found) {
    const Rule& rule = *r.rule;
    begin_count();
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      const PlannedCondition& p = r.conditions[a];
      if (!p.answerable) {
        std::fill_n(any_yes.begin(), n, 0);
        std::fill_n(any_can.begin(), n, 1);
        std::fill_n(near_best.begin(), n, kFar);
      } else if (found || p.persists()) {
        step_through_samples(p, found ? &(*found)[a] : nullptr);
      } else {
        over_samples(p);
      }
      std::copy_n(near_best.begin(), n, condition_near[a].begin());
      count(rule.conditions[a].required, any_yes, any_can);
    }
    const auto needed = static_cast<std::int32_t>(rule.needed);
    for (std::size_t k = 0; k < n; ++k)
      out.yes[k] = (count_yes[k] >= needed ? 1 : 0) & must_yes[k], out.can[k] = (count_can[k] >= needed ? 1 : 0) & must_can[k];
    joint_nearness(rule, out.nearness);
  }

  // All conditions at one and the same moment.
  void judge_at_times(const PlannedRule& r, RuleAnswers& out, std::vector<RuleFinding>* found);
};

void RuleEvaluator::Work::State::judge_at_times(const PlannedRule& r, RuleAnswers& out, std::vector<RuleFinding>* found) {
  const Rule& rule = *r.rule;
  std::fill_n(out.yes.begin(), n, 0);
  std::fill_n(out.can.begin(), n, 0);
  std::fill_n(out.nearness.begin(), n, kFar);
  const auto needed = static_cast<std::int32_t>(rule.needed);
  std::size_t samples = 0;
  bool told = false;
  for (std::size_t a = 0; a < r.conditions.size(); ++a) {
    const PlannedCondition& p = r.conditions[a];
    samples = std::max(samples, p.samples.size());
    // Runs of a condition go on from sample to sample, so each has its own.
    if (p.answerable && p.persists()) {
      start_runs(p);
      std::swap(runs[a].first, run_yes), std::swap(runs[a].second, run_can);
    }
    if (p.answerable && p.condition->aggregate == Aggregate::sum) load_soon(p);
  }
  std::vector<RuleFinding> now(found ? r.conditions.size() : 0);
  for (std::size_t i = 0; i < samples; ++i) {
    begin_count();
    bool counts = true;
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      const PlannedCondition& p = r.conditions[a];
      if (!p.answerable) {
        std::fill_n(yes.begin(), n, 0);
        std::fill_n(can.begin(), n, 1);
        std::fill_n(condition_near[a].begin(), n, kFar);
      } else {
        const PlannedSample& s = p.samples[i];
        const Bounds b = bounds(p, s);
        compare(p, b, yes, can);
        nearness(p, b, near);
        if (p.persists()) {
          std::swap(runs[a].first, run_yes), std::swap(runs[a].second, run_can);
          persist(p, s);
          std::swap(runs[a].first, run_yes), std::swap(runs[a].second, run_can);
        }
        std::copy_n(near.begin(), n, condition_near[a].begin());
        counts = counts && s.sample.counts && s.sample.in_time;
        if (found) {
          now[a] = {};
          now[a].coverage = -1;
          note(p, s, b, &now[a]);
        }
      }
      count(p.condition->required, yes, can);
    }
    if (!counts) continue;
    told = true;
    joint_nearness(rule, near_best);
    for (std::size_t k = 0; k < n; ++k) yes[k] = (count_yes[k] >= needed ? 1 : 0) & must_yes[k], can[k] = (count_can[k] >= needed ? 1 : 0) & must_can[k];
    if (found) {
      const bool better = near_best[0] > out.nearness[0] || (yes[0] && !out.yes[0]);
      TimePoint last = (*found)[0].last_holding;
      if (better && !(out.yes[0] && !yes[0])) *found = now;
      if (yes[0]) last = std::max(last, now[0].window.end);
      for (RuleFinding& f : *found) f.last_holding = last;
    }
    for (std::size_t k = 0; k < n; ++k) {
      out.yes[k] |= yes[k];
      out.can[k] |= can[k];
      out.nearness[k] = std::max(out.nearness[k], near_best[k]);
    }
  }
  // Time that some condition knows nothing of; or no sample at all.
  const bool unknown_time =
      !told || std::any_of(r.conditions.begin(), r.conditions.end(), [](const PlannedCondition& p) { return p.answerable && p.time_unknown; });
  if (unknown_time) std::fill_n(out.can.begin(), n, 1);
}

RuleEvaluator::Work::Work(const RuleEvaluator& evaluator, std::size_t block) : state_(std::make_unique<State>(*evaluator.plan_, block)) {}
RuleEvaluator::Work::~Work() = default;

void RuleEvaluator::Work::load_block(std::size_t begin, std::size_t n) {
  state_->begin = begin;
  state_->n = n;
  std::fill(state_->loaded.begin(), state_->loaded.end(), false);
  std::fill(state_->limited.begin(), state_->limited.end(), false);
}

void RuleEvaluator::Work::load_member(std::size_t member) { state_->member = member; }

void RuleEvaluator::Work::judge(std::size_t rule, RuleAnswers& out) {
  State& s = *state_;
  const PlannedRule& r = s.plan.rules[rule];
  if (!r.in_time) {
    std::fill_n(out.yes.begin(), s.n, 0), std::fill_n(out.can.begin(), s.n, 0), std::fill_n(out.nearness.begin(), s.n, kFar);
    return;
  }
  s.prepare(r);
  if (r.rule->together == Together::time && r.conditions.size() > 1) s.judge_at_times(r, out, nullptr);
  else s.judge_in_window(r, out, nullptr);
  s.gates(r, out);
}

RuleFinding RuleEvaluator::Work::find(std::size_t rule) {
  State& s = *state_;
  const PlannedRule& r = s.plan.rules[rule];
  RuleFinding none;
  none.coverage = -1;  // nothing noted yet
  none.value = std::numeric_limits<double>::quiet_NaN();
  if (!r.in_time) {
    none.answer = Answer::no, none.nearness = double{kFar}, none.coverage = 0, none.threshold = r.rule->conditions[0].threshold;
    return none;
  }
  s.prepare(r);
  std::vector<RuleFinding> found(r.conditions.size(), none);
  if (r.rule->together == Together::time && r.conditions.size() > 1) s.judge_at_times(r, s.one, &found);
  else s.judge_in_window(r, s.one, &found);
  s.gates(r, s.one);
  const std::size_t binding = s.binding(*r.rule);
  RuleFinding f = found[binding];
  f.condition = binding;
  f.coverage = std::max(f.coverage, 0.0);
  f.answer = s.one.yes[0] ? Answer::yes : s.one.can[0] ? Answer::unknown : Answer::no;
  f.nearness = double{s.one.nearness[0]};
  if (r.conditions[binding].answerable) f.threshold = double{s.limits[r.conditions[binding].number].threshold[0]};
  else f.threshold = r.rule->conditions[binding].threshold;
  for (const RuleFinding& o : found) f.last_holding = std::max(f.last_holding, o.last_holding);
  return f;
}

}  // namespace guyu
