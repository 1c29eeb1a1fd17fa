#include "models/rules/rule_evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/quantity.h"
#include "models/rules/rule_samples.h"

namespace guyu {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kFar = -1e30F;         // nearness of what is not known
constexpr double kRounding = 1e-6;     // float amounts that add up to a round threshold
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool is_upward(Compare c) { return c == Compare::at_least || c == Compare::above; }

struct PlannedSample {
  Sample sample;
  AxisWindow window, earlier;
  TimePoint begin;  // what it speaks for begins here: of the run of samples that hold
};

struct PlannedCondition {
  const Condition* condition = nullptr;
  std::size_t axis = kNone;
  const RegionAttribute* threshold = nullptr;  // of each region
  bool answerable = true;                      // false: no series, or no such attribute
  bool time_unknown = false;                   // some of the time that the rule looks into is told by nothing
  std::vector<PlannedSample> samples;
  TimePoint known_from{};  // nothing is known of samples that begin before
};

struct PlannedGate {
  const RegionGate* gate = nullptr;
  const RegionAttribute* attribute = nullptr;  // nullptr: not known of any region
  double value = 0;                            // in the attribute's unit
};

struct PlannedRule {
  const Rule* rule = nullptr;
  std::vector<PlannedCondition> conditions;
  std::vector<PlannedGate> gates;
};

}  // namespace

struct RuleEvaluator::Plan {
  const RulePack& pack;
  const HazardInputs& inputs;
  std::vector<std::unique_ptr<SeriesAxis>> axes;
  std::vector<AxisNeeds> needs;
  std::vector<PlannedRule> rules;
  TimePoint horizon = TimePoint::min();
  std::vector<AxisWindow> soon;  // by axis: (issue, issue + continuing_within]

  Plan(const RulePack& p, const HazardInputs& in) : pack(p), inputs(in) {}

  std::size_t axis_of(const Condition& c) {
    const HazardSeries* series = inputs.find_series(c.quantity, c.statistic);
    if (!series) return kNone;
    for (std::size_t k = 0; k < axes.size(); ++k)
      if (&axes[k]->series() == series) return k;
    Seconds back{0}, ahead = pack.continuing_within;
    for (const Rule& r : pack.rules)
      for (const Condition& other : r.conditions)
        if (other.quantity == c.quantity && other.statistic == c.statistic) {
          back = std::max(back, look_back(r, other, pack.continuing_within));
          ahead = std::max(ahead, r.within);
        }
    // An instant just after the end speaks for the time before it.
    axes.push_back(std::make_unique<SeriesAxis>(*series, Interval{inputs.issue - back, inputs.issue + ahead}));
    needs.push_back({});
    soon.push_back(window_on(*axes.back(), {inputs.issue, inputs.issue + pack.continuing_within}));
    return axes.size() - 1;
  }

  void add(const Rule& rule);
};

void RuleEvaluator::Plan::add(const Rule& rule) {
  PlannedRule planned;
  planned.rule = &rule;
  TimePoint known_to = inputs.horizon;
  for (const Condition& c : rule.conditions)
    if (const HazardSeries* s = inputs.find_series(c.quantity, c.statistic)) known_to = std::min(known_to, s->horizon.value_or(known_to));
  horizon = std::max(horizon, known_to);
  const SampleTimes times{inputs.issue, std::max(inputs.issue, std::min(inputs.issue + rule.within, known_to)), pack.continuing_within, inputs.utc_offset};
  std::vector<TimePoint> common;
  const auto first_wanted = [&](const Condition& c) {
    const Seconds lasting = std::max(c.lasting, c.once_in);
    return times.issue - std::max(lasting, c.aggregate == Aggregate::each ? pack.continuing_within : Seconds(0)) - (rule.daily_at && lasting.count() > 0 ? Seconds(86400) : Seconds(0));
  };
  for (const Condition& c : rule.conditions) {
    PlannedCondition p;
    p.condition = &c;
    p.axis = axis_of(c);
    if (!c.threshold_attribute.empty()) p.threshold = inputs.find_attribute(c.threshold_attribute);
    p.answerable = p.axis != kNone && (c.threshold_attribute.empty() || p.threshold);
    if (p.axis != kNone) {
      AxisNeeds& n = needs[p.axis];
      n.totals = n.totals || c.aggregate == Aggregate::sum || c.aggregate == Aggregate::mean;
      n.largest = n.largest || c.aggregate == Aggregate::maximum || c.aggregate == Aggregate::each;
      n.smallest = n.smallest || c.aggregate == Aggregate::minimum || c.aggregate == Aggregate::each;
    }
    const auto ends = sample_ends(rule, c, p.axis == kNone ? nullptr : axes[p.axis].get(), times, first_wanted(c));
    common.insert(common.end(), ends.begin(), ends.end());
    planned.conditions.push_back(std::move(p));
  }
  std::sort(common.begin(), common.end());
  common.erase(std::unique(common.begin(), common.end()), common.end());
  for (PlannedCondition& p : planned.conditions) {
    if (p.axis == kNone) continue;
    const Condition& c = *p.condition;
    const SeriesAxis& axis = *axes[p.axis];
    const auto ends = rule.together == Together::time && rule.conditions.size() > 1 ? common : sample_ends(rule, c, &axis, times, first_wanted(c));
    TimePoint before = ends.empty() ? times.issue : ends.front();
    for (const Sample& s : samples_of(rule, c, &axis, ends, times)) {
      PlannedSample planned_sample{s, window_on(axis, s.value), {}, {}};
      if (c.aggregate == Aggregate::each) {  // the piece that speaks for the moment
        const AxisPlace at = axis.place(s.value.end);
        // place() gives the piece after a boundary; the moment belongs to the one that it ends.
        std::size_t k = at.piece;
        if (at.part == 0) k = k > 0 && axis.span(k - 1).end == s.value.end ? k - 1 : axis.size();
        planned_sample.window.first = std::min(k, axis.size());
        planned_sample.window.last = k < axis.size() ? k + 1 : planned_sample.window.first;
      }
      if (s.earlier) planned_sample.earlier = window_on(axis, *s.earlier);
      planned_sample.begin = rule.daily_at ? s.end - std::chrono::days(1) : before;
      before = s.end;
      p.samples.push_back(planned_sample);
    }
    p.known_from = p.samples.empty() ? TimePoint::max() : p.samples.front().begin;
    const Interval looked{times.issue, times.end};
    const bool rolls = c.aggregate != Aggregate::each;
    p.time_unknown = looked.end <= looked.begin ? !rolls : !rolls && !rule.daily_at && axis.share_covered(looked) < 1 - 1e-9;
    if (rule.daily_at && std::none_of(p.samples.begin(), p.samples.end(), [](const PlannedSample& s) { return s.sample.counts; })) p.time_unknown = true;
  }
  for (const RegionGate& g : rule.gates) {
    PlannedGate gate{&g, inputs.find_attribute(g.attribute), g.value};
    if (gate.attribute && !g.unit.empty() && units_convertible(g.unit, gate.attribute->unit)) gate.value = convert_units(g.unit, gate.attribute->unit)(g.value);
    planned.gates.push_back(gate);
  }
  rules.push_back(std::move(planned));
}

RuleEvaluator::RuleEvaluator(const RulePack& pack, const HazardInputs& inputs) : plan_(std::make_unique<Plan>(pack, inputs)) {
  for (const Rule& r : pack.rules) plan_->add(r);
}
RuleEvaluator::~RuleEvaluator() = default;
TimePoint RuleEvaluator::horizon() const { return plan_->horizon; }

struct RuleEvaluator::Work::State {
  State(const Plan& p, std::size_t size) : plan(p), block(size) {
    for (std::size_t k = 0; k < plan.axes.size(); ++k) values.push_back(std::make_unique<WindowValues>(*plan.axes[k], plan.needs[k], plan.pack.least_coverage, block));
    for (auto* a : {&lo, &hi, &lo2, &hi2, &observed, &soon, &soon_share, &threshold, &tolerance, &scale, &near, &near_yes, &run_yes, &run_can, &combined_near}) a->resize(block);
    for (auto* a : {&yes, &can, &any_yes, &any_can, &past_yes, &past_can, &next_can, &count_yes, &count_can, &must_yes, &must_can}) a->resize(block);
    std::size_t most = 0;
    for (const Rule& r : plan.pack.rules) most = std::max(most, r.conditions.size());
    condition_near.assign(most, std::vector<float>(block));
    one = {std::vector<std::int32_t>(1), std::vector<std::int32_t>(1), std::vector<float>(1)};
  }

  const Plan& plan;
  std::size_t block, begin = 0, n = 0;
  std::vector<std::unique_ptr<WindowValues>> values;
  std::vector<float> lo, hi, lo2, hi2, observed, soon, soon_share, threshold, tolerance, scale, near, near_yes, run_yes, run_can, combined_near;
  std::vector<std::int32_t> yes, can, any_yes, any_can, past_yes, past_can, next_can, count_yes, count_can, must_yes, must_can;
  std::vector<std::vector<float>> condition_near;
  RuleAnswers one;

  void thresholds(const PlannedCondition& p) {
    const Condition& c = *p.condition;
    for (std::size_t k = 0; k < n; ++k) {
      const double t = p.threshold ? double{p.threshold->values[begin + k]} * c.factor : c.threshold;
      threshold[k] = static_cast<float>(t);
      // Temperatures have no ratio to their threshold; 10 K is as far as nearness reaches.
      const double size = std::abs(t) > 0 && c.unit != "K" ? std::abs(t) : c.unit == "K" ? 10.0 : 1.0;
      scale[k] = static_cast<float>(1 / size);
      tolerance[k] = static_cast<float>(kRounding * std::abs(t));
    }
  }

  // Bounds of what a sample compares, into lo and hi.
  void bounds(const PlannedCondition& p, const PlannedSample& s) {
    const Condition& c = *p.condition;
    const WindowValues& v = *values[p.axis];
    v.get(c.aggregate, s.window, {lo.data(), hi.data()});
    if (c.change == Change::none) return;
    v.get(c.aggregate, s.earlier, {lo2.data(), hi2.data()});
    for (std::size_t k = 0; k < n; ++k) {
      const float now_lo = lo[k], now_hi = hi[k];
      lo[k] = c.change == Change::fall ? lo2[k] - now_hi : now_lo - hi2[k];
      hi[k] = c.change == Change::fall ? hi2[k] - now_lo : now_hi - lo2[k];
    }
  }

  // yes, can and near of one sample. `continuing`: rain goes on soon, or nobody knows.
  void compare(const PlannedCondition& p, const PlannedSample& s) {
    const Condition& c = *p.condition;
    bounds(p, s);
    switch (c.compare) {
      case Compare::at_least:
        for (std::size_t k = 0; k < n; ++k) yes[k] = lo[k] >= threshold[k] - tolerance[k], can[k] = !(hi[k] < threshold[k] - tolerance[k]);
        break;
      case Compare::above:
        for (std::size_t k = 0; k < n; ++k) yes[k] = lo[k] > threshold[k], can[k] = !(hi[k] <= threshold[k]);
        break;
      case Compare::at_most:
        for (std::size_t k = 0; k < n; ++k) yes[k] = hi[k] <= threshold[k] + tolerance[k], can[k] = !(lo[k] > threshold[k] + tolerance[k]);
        break;
      case Compare::below:
        for (std::size_t k = 0; k < n; ++k) yes[k] = hi[k] < threshold[k], can[k] = !(lo[k] >= threshold[k]);
        break;
    }
    if (is_upward(c.compare))
      for (std::size_t k = 0; k < n; ++k) near[k] = std::max(kFar, 1 + (lo[k] - threshold[k]) * scale[k]);
    else
      for (std::size_t k = 0; k < n; ++k) near[k] = std::max(kFar, 1 + (threshold[k] - hi[k]) * scale[k]);
    const bool may_be_over = c.aggregate == Aggregate::sum && c.change == Change::none && is_upward(c.compare) && s.window.partly_observed;
    if (!may_be_over) return;
    const WindowValues& v = *values[p.axis];
    v.observed_part(s.window, observed.data());
    const auto enough = static_cast<float>(plan.pack.continuing_mm);
    for (std::size_t k = 0; k < n; ++k) {
      const bool over = observed[k] >= threshold[k] - tolerance[k] && soon[k] == 0 && lo[k] - observed[k] < enough;
      if (!over || yes[k] == 0) continue;
      yes[k] = 0;
      can[k] = hi[k] < kInfinity ? 0 : 1;
    }
  }

  // Whether rain is likely to continue, for the whole block: 1 yes or unknown, 0 no.
  void load_soon(std::size_t axis) {
    const WindowValues& v = *values[axis];
    v.get(Aggregate::sum, plan.soon[axis], {lo.data(), hi.data()});
    for (std::size_t k = 0; k < n; ++k) soon[k] = double{lo[k]} >= plan.pack.continuing_mm || hi[k] == kInfinity ? 1.0F : 0.0F;
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

  // One condition over all of its samples: any_yes, any_can, near_yes (the clearest that holds) and near best of all into combined_near.
  void over_samples(const PlannedCondition& p, RuleFinding* found) {
    std::fill_n(any_yes.begin(), n, 0);
    std::fill_n(any_can.begin(), n, p.answerable && !p.time_unknown ? 0 : 1);
    std::fill_n(near_yes.begin(), n, kFar);
    std::fill_n(combined_near.begin(), n, kFar);
    if (!p.answerable) return;
    std::fill_n(past_yes.begin(), n, 0);
    std::fill_n(past_can.begin(), n, 0);
    std::fill_n(next_can.begin(), n, p.time_unknown ? 1 : 0);
    thresholds(p);
    if (p.condition->aggregate == Aggregate::sum) load_soon(p.axis);
    start_runs(p);
    const TimePoint soon_end = plan.inputs.issue + plan.pack.continuing_within;
    bool has_next = false;
    for (const PlannedSample& s : p.samples) {
      compare(p, s);
      persist(p, s);
      if (!s.sample.in_time) continue;
      if (s.sample.counts) {
        for (std::size_t k = 0; k < n; ++k) any_yes[k] |= yes[k], any_can[k] |= can[k];
        if (s.begin < soon_end) {
          has_next = true;
          for (std::size_t k = 0; k < n; ++k) next_can[k] |= can[k];
        }
      } else if (s.sample.past) {
        for (std::size_t k = 0; k < n; ++k) past_yes[k] |= yes[k], past_can[k] |= can[k];
      } else {
        continue;
      }
      note(p, s, found);
      for (std::size_t k = 0; k < n; ++k) near_yes[k] = yes[k] ? std::max(near_yes[k], near[k]) : near_yes[k], combined_near[k] = std::max(combined_near[k], near[k]);
    }
    // What was observed just now holds on, unless it is known that it does not.
    for (std::size_t k = 0; k < n; ++k) {
      const std::int32_t may_go_on = has_next ? next_can[k] : 1;
      any_yes[k] |= past_yes[k] & may_go_on;
      any_can[k] |= past_can[k] & may_go_on;
    }
    for (std::size_t k = 0; k < n; ++k) combined_near[k] = any_yes[k] && near_yes[k] > kFar ? near_yes[k] : combined_near[k];
  }

  // Keeps the figures of the sample when it is the clearest one so far; only of a block of one region.
  void note(const PlannedCondition& p, const PlannedSample& s, RuleFinding* found) {
    if (!found) return;
    const bool holds = yes[0] != 0;
    if (holds) found->last_holding = std::max(found->last_holding, s.sample.end);
    const bool held = found->answer == Answer::yes;
    // Equal ones: the earlier stays.
    constexpr double kEqual = 1e-6;
    const bool first = found->coverage < 0;
    if (!first && (holds == held ? double{near[0]} <= found->nearness + kEqual : held)) return;
    const Condition& c = *p.condition;
    const float known = is_upward(c.compare) ? lo[0] : hi[0];
    found->answer = holds ? Answer::yes : can[0] ? Answer::unknown : Answer::no;
    found->nearness = double{near[0]};
    found->window = s.sample.value;
    found->threshold = double{threshold[0]};
    found->value = std::isfinite(known) ? double{known} : std::numeric_limits<double>::quiet_NaN();
    found->coverage = double{values[p.axis]->known_share(s.window, 0)};
    if (c.aggregate == Aggregate::sum && c.change == Change::none) {
      values[p.axis]->observed_part(s.window, observed.data());
      found->observed = double{observed[0]};
      found->forecast = std::max(0.0, found->value - found->observed);
      found->observed_alone = observed[0] >= threshold[0] - tolerance[0];
    } else {
      const bool past = s.sample.past;
      found->observed = past ? found->value : 0;
      found->forecast = past ? 0 : found->value;
      found->observed_alone = past && holds;
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
        const bool holds = g.gate->equal             ? v == g.value
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
  float joint_nearness(const Rule& rule, std::size_t k) const {
    float required = kInfinity, counted = kInfinity;
    if (rule.needed > 0) {
      // The needed-th largest; rules have few conditions.
      for (std::size_t a = 0; a < rule.conditions.size(); ++a) {
        if (rule.conditions[a].required) continue;
        std::size_t no_less = 0;
        for (std::size_t b = 0; b < rule.conditions.size(); ++b)
          no_less += !rule.conditions[b].required && (condition_near[b][k] > condition_near[a][k] || (condition_near[b][k] == condition_near[a][k] && b <= a)) ? 1 : 0;
        if (no_less == rule.needed) counted = condition_near[a][k];
      }
    }
    for (std::size_t a = 0; a < rule.conditions.size(); ++a)
      if (rule.conditions[a].required) required = std::min(required, condition_near[a][k]);
    return std::min(required, counted);
  }
  std::size_t binding(const Rule& rule) const {
    const float joint = joint_nearness(rule, 0);
    for (std::size_t a = 0; a < rule.conditions.size(); ++a)
      if (condition_near[a][0] == joint) return a;
    return 0;
  }

  void judge_in_window(const PlannedRule& r, RuleAnswers& out, std::vector<RuleFinding>* found) {
    const Rule& rule = *r.rule;
    begin_count();
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      over_samples(r.conditions[a], found ? &(*found)[a] : nullptr);
      std::copy_n(combined_near.begin(), n, condition_near[a].begin());
      count(rule.conditions[a].required, any_yes, any_can);
    }
    const auto needed = static_cast<std::int32_t>(rule.needed);
    for (std::size_t k = 0; k < n; ++k) out.yes[k] = count_yes[k] >= needed && must_yes[k], out.can[k] = count_can[k] >= needed && must_can[k];
    for (std::size_t k = 0; k < n; ++k) out.nearness[k] = r.conditions.size() == 1 ? condition_near[0][k] : joint_nearness(rule, k);
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
  // Runs of a condition go on from sample to sample, so each has its own.
  std::vector<std::pair<std::vector<float>, std::vector<float>>> runs;
  std::size_t samples = 0;
  std::int32_t told = 0;
  for (const PlannedCondition& p : r.conditions) {
    start_runs(p);
    runs.emplace_back(run_yes, run_can);
    samples = std::max(samples, p.samples.size());
  }
  std::vector<RuleFinding> now(r.conditions.size());
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
        thresholds(p);
        if (p.condition->aggregate == Aggregate::sum) load_soon(p.axis);
        compare(p, p.samples[i]);
        std::swap(runs[a].first, run_yes), std::swap(runs[a].second, run_can);
        persist(p, p.samples[i]);
        std::swap(runs[a].first, run_yes), std::swap(runs[a].second, run_can);
        std::copy_n(near.begin(), n, condition_near[a].begin());
        counts = counts && p.samples[i].sample.counts && p.samples[i].sample.in_time;
        if (found) {
          now[a] = {};
          now[a].coverage = -1;
          note(p, p.samples[i], &now[a]);
        }
      }
      count(p.condition->required, yes, can);
    }
    if (!counts) continue;
    ++told;
    for (std::size_t k = 0; k < n; ++k) {
      const bool y = count_yes[k] >= needed && must_yes[k], c = count_can[k] >= needed && must_can[k];
      const float joint = joint_nearness(rule, k);
      const bool better = joint > out.nearness[k] || (y && !out.yes[k]);
      if (found && better && !(out.yes[k] && !y)) {
        const TimePoint last = (*found)[0].last_holding;
        *found = now;
        for (RuleFinding& f : *found) f.last_holding = last;
      }
      if (found && y)
        for (RuleFinding& f : *found) f.last_holding = std::max(f.last_holding, now[0].window.end);
      out.yes[k] |= y ? 1 : 0;
      out.can[k] |= c ? 1 : 0;
      out.nearness[k] = std::max(out.nearness[k], joint);
    }
  }
  // Time that some condition knows nothing of; or no sample at all.
  const bool unknown_time = told == 0 || std::any_of(r.conditions.begin(), r.conditions.end(), [](const PlannedCondition& p) { return p.answerable && p.time_unknown; });
  if (unknown_time) std::fill_n(out.can.begin(), n, 1);
}

RuleEvaluator::Work::Work(const RuleEvaluator& evaluator, std::size_t block) : state_(std::make_unique<State>(*evaluator.plan_, block)) {}
RuleEvaluator::Work::~Work() = default;

void RuleEvaluator::Work::load_block(std::size_t begin, std::size_t n) {
  state_->begin = begin;
  state_->n = n;
  for (auto& v : state_->values) v->load_block(begin, n);
}

void RuleEvaluator::Work::load_member(std::size_t member) {
  for (auto& v : state_->values) v->load_member(member);
}

void RuleEvaluator::Work::judge(std::size_t rule, RuleAnswers& out) {
  State& s = *state_;
  const PlannedRule& r = s.plan.rules[rule];
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
  if (r.conditions[binding].threshold) f.threshold = double{r.conditions[binding].threshold->values[s.begin]} * r.rule->conditions[binding].factor;
  else f.threshold = r.rule->conditions[binding].threshold;
  for (const RuleFinding& o : found) f.last_holding = std::max(f.last_holding, o.last_holding);
  return f;
}

}  // namespace guyu
