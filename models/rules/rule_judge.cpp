#include "models/rules/rule_judge.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/rules/exact_passes.h"

namespace guyu {
namespace {

using namespace passes;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

struct RuleJudge::State {
  State(const RulePlan& p, std::size_t size) : plan(p), loaded(p.axes.size()), limits(p.conditions), extremes(p.extremes, size) {
    for (const RulePlan::Axis& a : plan.axes) values.push_back(std::make_unique<WindowValues>(*a.time, a.needs, a.least_coverage, size));
    for (auto* a : {&lo_space, &hi_space, &then_lo, &then_hi, &observed, &soon, &near, &near_yes, &near_best, &run_yes, &run_can}) a->resize(size);
    for (auto* a : {&all_lo, &all_hi}) a->resize(size);
    for (auto* a : {&yes, &can, &any_yes, &any_can, &past_yes, &past_can, &next_can, &count_yes, &count_can, &must_yes, &must_can}) a->resize(size);
    std::size_t most = 0, samples = 0;
    for (const PlannedRule& r : plan.rules) {
      most = std::max(most, r.conditions.size());
      for (const PlannedCondition& c : r.conditions) {
        samples = std::max(samples, c.samples.size());
        limits[c.number].by_region = c.threshold != nullptr;
        limits[c.number].of.resize(c.threshold ? size : 1);
        if (!c.threshold) limits[c.number].load(c, 0, 1);
      }
    }
    condition_near.assign(most, std::vector<float>(size));
    farthest.resize(most);
    runs.assign(most, {std::vector<float>(size), std::vector<float>(size)});
    for (auto& rows : pair_rows) rows.resize(samples + 1);
  }

  // What values are compared with, by region or for all.
  struct Limits {
    std::vector<Limit> of;
    bool by_region = false, loaded = false, known = true;
    std::size_t step() const { return by_region ? 1 : 0; }
    void load(const PlannedCondition& p, std::size_t first, std::size_t regions) {
      loaded = known = true;
      for (std::size_t k = 0; k < regions; ++k) of[k] = p.limit_of(first + k), known = known && of[k].level == of[k].level;
    }
  };
  const RulePlan& plan;
  std::size_t begin = 0, n = 0, member = 0;
  std::vector<bool> loaded;  // axes of the block
  std::vector<std::unique_ptr<WindowValues>> values;
  std::vector<Limits> limits;  // by number of the condition
  SampleExtremes extremes;
  std::vector<float> lo_space, hi_space, then_lo, then_hi, observed, soon, near, near_yes, near_best, run_yes, run_can, all_lo, all_hi;
  std::vector<Mask> yes, can, any_yes, any_can, past_yes, past_can, next_can, count_yes, count_can, must_yes, must_can;
  std::vector<std::vector<float>> condition_near;                       // by place in the rule
  std::vector<std::pair<std::vector<float>, std::vector<float>>> runs;  // likewise
  std::vector<const float*> pair_rows[2];
  std::vector<Farthest> farthest;             // by place in the rule
  const PlannedCondition* soon_of = nullptr;  // whose rain `soon` tells of

  // Series and thresholds are loaded when a rule first asks for them.
  void prepare(const PlannedRule& r) {
    for (const PlannedCondition& p : r.conditions) {
      if (!p.answerable) continue;
      for (const std::size_t axis : {p.axis, p.soon_axis}) {
        if (axis == kNoAxis) continue;
        if (!loaded[axis]) values[axis]->load_block(begin, n), loaded[axis] = true;
        values[axis]->load_member(member);
      }
      if (!limits[p.number].loaded) limits[p.number].load(p, begin, n);
    }
  }

  // f(limit of the k-th region); one that is the same for all stays in registers.
  template <typename F>
  void with_limit(const PlannedCondition& p, F&& f) const {
    const Limits& l = limits[p.number];
    if (l.step() > 0) f([of = l.of.data()](std::size_t k) { return of[k]; });
    else f([limit = l.of[0]](std::size_t) { return limit; });
  }

  // What a sample compares lies between these.
  Bounds bounds(const PlannedCondition& p, const PlannedSample& s) {
    const Condition& c = *p.condition;
    const WindowValues& v = *values[p.axis];
    if (s.may_be_over) load_soon(p);
    const Bounds now = v.get(c.aggregate, s.window, lo_space.data(), hi_space.data());
    if (c.change != Change::none) {
      const Bounds then = v.get(c.aggregate, s.earlier, then_lo.data(), then_hi.data());
      return change_between(c.change, then, now, n, lo_space.data(), hi_space.data());
    }
    if (!s.may_be_over) return now;
    // What observed rain alone has reached counts only if it goes on, soon or later in the window, or nobody knows.
    v.observed_part(s.window, observed.data());
    const auto enough = static_cast<float>(p.pack->continuing_mm);
    const float* later = nullptr;  // of places: what is to come
    if (c.sums_places() && p.soon_axis != kNoAxis) later = values[p.soon_axis]->get(Aggregate::sum, s.to_come, then_lo.data(), then_hi.data()).lo;
    with_limit(p, [&](auto&& limit) {
      for (std::size_t k = 0; k < n; ++k) {
        const float lo = now.lo[k], hi = now.hi[k];
        const bool over = observed[k] >= limit(k).reached && soon[k] == 0 && (later ? later[k] : lo - observed[k]) < enough;
        lo_space[k] = over ? -kInfinity : lo;
        hi_space[k] = over && hi < kInfinity ? -kInfinity : hi;
      }
    });
    return {lo_space.data(), hi_space.data()};
  }

  // Whether bounds pass the condition's threshold: y for sure, c perhaps. lo and hi may be reduced from many.
  void compare(const PlannedCondition& p, const Bounds& b, std::vector<Mask>& y, std::vector<Mask>& c) const {
    const float *lo = b.lo, *hi = b.hi;
    Mask *sure = y.data(), *may = c.data();
    with_limit(p, [&](auto&& limit) {
      if (p.upward())
        for (std::size_t k = 0; k < n; ++k) sure[k] = mask(lo[k] >= limit(k).least), may[k] = mask(!(hi[k] < limit(k).least));
      else
        for (std::size_t k = 0; k < n; ++k) sure[k] = mask(-hi[k] >= limit(k).least), may[k] = mask(!(-lo[k] < limit(k).least));
    });
  }
  // The same of the farthest of samples: where there are none, nothing is passed, even if nobody knows the threshold.
  void compare_any(const PlannedCondition& p, std::size_t extreme, const Bounds& b, std::vector<Mask>& y, std::vector<Mask>& c) const {
    if (!plan.extremes[extreme].samples.empty()) return compare(p, b, y, c);
    std::fill_n(y.begin(), n, 0);
    std::fill_n(c.begin(), n, 0);
  }
  void nearness_of(const PlannedCondition& p, const Bounds& b, std::vector<float>& near_of) const {
    const float *lo = b.lo, *hi = b.hi;
    float* out = near_of.data();
    with_limit(p, [&](auto&& limit) {
      if (p.upward())
        for (std::size_t k = 0; k < n; ++k) out[k] = nearness(lo[k], limit(k));
      else
        for (std::size_t k = 0; k < n; ++k) out[k] = nearness(-hi[k], limit(k));
    });
  }

  // Whether rain is likely to continue, for the whole block: 1 yes or unknown, 0 no.
  void load_soon(const PlannedCondition& p) {
    if (soon_of == &p) return;
    soon_of = &p;
    if (p.soon_axis == kNoAxis) {
      std::fill_n(soon.begin(), n, 1.0F);
      return;
    }
    const Bounds b = values[p.soon_axis]->get(Aggregate::sum, p.soon, lo_space.data(), hi_space.data());
    const auto enough = static_cast<float>(p.pack->continuing_mm);
    for (std::size_t k = 0; k < n; ++k) soon[k] = b.lo[k] >= enough || b.hi[k] == kInfinity ? 1.0F : 0.0F;
  }
  // Whether in any region of the block a sum that was observed may be over. Loads `soon` where it is needed.
  bool any_over(const PlannedCondition& p) {
    if (!p.may_be_over) return false;
    const float* reached = extremes.observed(p.all, values);
    const auto any_of = [&](auto&& open) {
      Mask any = 0;
      with_limit(p, [&](auto&& limit) {
        for (std::size_t k = 0; k < n; ++k) any |= mask(reached[k] >= limit(k).reached) & open(k);
      });
      return any != 0;
    };
    if (!any_of([](std::size_t) { return kYes; })) return false;
    load_soon(p);
    return any_of([this](std::size_t k) { return mask(soon[k] == 0); });
  }

  void start_runs(const PlannedCondition& p) {
    const bool lasts = p.condition->lasting.count() > 0;
    // Before the first sample nothing is known: it may have held ever since, or just before.
    std::fill_n(run_yes.begin(), n, lasts ? kInfinity : -kInfinity);
    std::fill_n(run_can.begin(), n, lasts ? -kInfinity : plan.hour_of(p.known_from));
  }

  // Turns yes and can of a sample into those of having lasted, or having been once.
  void persist(const PlannedCondition& p, const PlannedSample& s) {
    const Condition& c = *p.condition;
    if (c.lasting.count() > 0) {
      const float since = plan.hour_of(s.sample.end - c.lasting) + kJustAfter, from = plan.hour_of(s.begin);
      for (std::size_t k = 0; k < n; ++k) {
        run_yes[k] = yes[k] ? std::min(run_yes[k], from) : kInfinity;
        run_can[k] = can[k] ? std::min(run_can[k], from) : kInfinity;
        yes[k] = mask(run_yes[k] <= since);
        can[k] = mask(run_can[k] <= since);
      }
    } else if (c.once_in.count() > 0) {
      const float since = plan.hour_of(s.sample.end - c.once_in) + kJustAfter, now = plan.hour_of(s.sample.end);
      for (std::size_t k = 0; k < n; ++k) {
        run_yes[k] = yes[k] ? now : run_yes[k];
        run_can[k] = can[k] ? now : run_can[k];
        yes[k] = mask(run_yes[k] > since);
        can[k] = mask(run_can[k] > since);
      }
    }
  }

  // The farthest of the samples that count, where some sum may be over: what shares its samples with others does not know this condition's threshold.
  Bounds all_with_over(const PlannedCondition& p) {
    std::fill_n(all_lo.begin(), n, -kInfinity);
    std::fill_n(all_hi.begin(), n, -kInfinity);
    for (const PlannedSample& s : p.samples) {
      if (!s.sample.in_time || !s.sample.counts) continue;
      const Bounds b = bounds(p, s);
      for (std::size_t k = 0; k < n; ++k) all_lo[k] = std::max(all_lo[k], b.lo[k]), all_hi[k] = std::max(all_hi[k], b.hi[k]);
    }
    return {all_lo.data(), all_hi.data()};
  }

  // One condition over all of its samples: any_yes, any_can, and how near the nearest of them came.
  void over_samples(const PlannedCondition& p) {
    const Bounds all = any_over(p) ? all_with_over(p) : extremes.of(p.all, values);
    compare_any(p, p.all, all, any_yes, any_can);
    nearness_of(p, all, near_best);
    if (p.time_unknown) std::fill_n(any_can.begin(), n, kYes);
    if (!p.has_past) return;
    const Bounds past = extremes.of(p.past, values);
    compare_any(p, p.past, past, past_yes, past_can);
    if (p.next != kNoExtreme && !p.time_unknown) compare(p, extremes.of(p.next, values), yes, next_can);
    else std::fill_n(next_can.begin(), n, kYes);
    // What was observed just now holds on, unless it is known that it does not.
    for (std::size_t k = 0; k < n; ++k) any_yes[k] |= past_yes[k] & next_can[k], any_can[k] |= past_can[k] & next_can[k];
    nearness_of(p, past, near);
    for (std::size_t k = 0; k < n; ++k) near_best[k] = std::max(near_best[k], near[k]);
  }

  // The same sample by sample: for conditions that must last.
  void step_through_samples(const PlannedCondition& p) {
    std::fill_n(any_yes.begin(), n, 0);
    std::fill_n(any_can.begin(), n, mask(p.time_unknown));
    std::fill_n(near_yes.begin(), n, kFar);
    std::fill_n(near_best.begin(), n, kFar);
    std::fill_n(past_yes.begin(), n, 0);
    std::fill_n(past_can.begin(), n, 0);
    std::fill_n(next_can.begin(), n, mask(p.time_unknown));
    start_runs(p);
    bool has_next = false;
    for (const PlannedSample& s : p.samples) {
      const Bounds b = bounds(p, s);
      compare(p, b, yes, can);
      persist(p, s);
      if (!s.sample.in_time || (!s.sample.counts && !s.sample.past)) continue;
      nearness_of(p, b, near);
      if (s.sample.counts) {
        for (std::size_t k = 0; k < n; ++k) any_yes[k] |= yes[k], any_can[k] |= can[k];
        if (s.soon) {
          has_next = true;
          for (std::size_t k = 0; k < n; ++k) next_can[k] |= can[k];
        }
      } else {
        for (std::size_t k = 0; k < n; ++k) past_yes[k] |= yes[k], past_can[k] |= can[k];
      }
      for (std::size_t k = 0; k < n; ++k) near_yes[k] = yes[k] ? std::max(near_yes[k], near[k]) : near_yes[k], near_best[k] = std::max(near_best[k], near[k]);
    }
    for (std::size_t k = 0; k < n; ++k) {
      const Mask may_go_on = has_next ? next_can[k] : kYes;
      any_yes[k] |= past_yes[k] & may_go_on;
      any_can[k] |= past_can[k] & may_go_on;
      near_best[k] = any_yes[k] && near_yes[k] > kFar ? near_yes[k] : near_best[k];
    }
  }

  void gates(const PlannedRule& r, RuleAnswers& out) const {
    if (!r.gates.empty() && out.exact) std::copy_n(out.yes.begin(), n, out.can.begin()), out.exact = false;
    for (const PlannedGate& g : r.gates)
      for (std::size_t k = 0; k < n; ++k) {
        const Answer is_one = g.is_one(begin + k);
        if (is_one != Answer::yes) out.yes[k] = 0;
        if (is_one == Answer::no) out.can[k] = 0;
      }
  }

  // Kleene: at least `needed` of the counted ones, and all that are required.
  void begin_count() {
    std::fill_n(count_yes.begin(), n, 0);
    std::fill_n(count_can.begin(), n, 0);
    std::fill_n(must_yes.begin(), n, kYes);
    std::fill_n(must_can.begin(), n, kYes);
  }
  void count(bool required, const std::vector<Mask>& y, const std::vector<Mask>& c) {
    if (required)
      for (std::size_t k = 0; k < n; ++k) must_yes[k] &= y[k], must_can[k] &= c[k];
    else
      for (std::size_t k = 0; k < n; ++k) count_yes[k] -= y[k], count_can[k] -= c[k];
  }
  void end_count(const Rule& rule, std::vector<Mask>& y, std::vector<Mask>& c) const {
    const auto needed = static_cast<Mask>(rule.needed);
    for (std::size_t k = 0; k < n; ++k) y[k] = mask(count_yes[k] >= needed) & must_yes[k], c[k] = mask(count_can[k] >= needed) & must_can[k];
  }
  // The nearness of the combination: of the needed ones the farthest, of those and the required ones the farther.
  void joint_nearness(const PlannedRule& r, std::vector<float>& out) const {
    const Rule& rule = *r.rule;
    const bool any = r.any(), every = r.every();
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

  // All values of the condition are known, and so is its answer.
  bool exact_over_samples(const PlannedCondition& p, Farthest& f) {
    if (!p.answerable || p.persists() || p.time_unknown || !limits[p.number].known) return false;
    const Bounds all = extremes.of(p.all, values);
    if (!all.exact()) return false;
    f = {all.lo, all.lo, false};
    if (p.has_past) {
      const Bounds past = extremes.of(p.past, values);
      if (!past.exact()) return false;
      // What holds on into the next samples counts there; with none of them nobody knows that it is over.
      f = {all.lo, past.lo, p.next == kNoExtreme};
    }
    return !any_over(p);
  }
  bool judge_exactly_in_window(const PlannedRule& r, RuleAnswers& out) {
    if (!r.every() && !(r.any() && r.counted > 0)) return false;
    for (std::size_t a = 0; a < r.conditions.size(); ++a)
      if (!exact_over_samples(r.conditions[a], farthest[a])) return false;
    bool first = true;
    for (const bool required : {false, true})
      for (std::size_t a = 0; a < r.conditions.size(); ++a) {
        const PlannedCondition& p = r.conditions[a];
        if (p.condition->required != required) continue;
        const Limits& l = limits[p.number];
        const Join j = first ? Join::first : r.every() || required ? Join::both : Join::either;
        first = false;
        if (p.upward()) judge_exactly<true>(farthest[a], l.of.data(), l.step(), n, j, out.yes.data(), out.nearness.data());
        else judge_exactly<false>(farthest[a], l.of.data(), l.step(), n, j, out.yes.data(), out.nearness.data());
      }
    return true;
  }

  void judge_in_window(const PlannedRule& r, RuleAnswers& out) {
    out.exact = judge_exactly_in_window(r, out);
    if (out.exact) return;
    begin_count();
    for (std::size_t a = 0; a < r.conditions.size(); ++a) {
      const PlannedCondition& p = r.conditions[a];
      if (!p.answerable) {
        std::fill_n(any_yes.begin(), n, 0);
        std::fill_n(any_can.begin(), n, kYes);
        std::fill_n(near_best.begin(), n, kFar);
      } else if (p.persists()) {
        step_through_samples(p);
      } else {
        over_samples(p);
      }
      std::swap(near_best, condition_near[a]);
      count(p.condition->required, any_yes, any_can);
    }
    end_count(*r.rule, out.yes, out.can);
    joint_nearness(r, out.nearness);
  }

  // Two conditions on values as they stand, both needed, and all values known.
  bool judge_pair_at_times(const PlannedRule& r, RuleAnswers& out) {
    if (r.conditions.size() != 2 || !r.every()) return false;
    for (const PlannedCondition& p : r.conditions)
      if (!p.answerable || p.persists() || p.time_unknown || p.condition->aggregate != Aggregate::each || p.condition->change != Change::none ||
          !limits[p.number].known || limits[p.number].step() > 0)
        return false;
    const PlannedCondition &a = r.conditions[0], &b = r.conditions[1];
    std::size_t rows = 0;
    for (std::size_t i = 0; i < a.samples.size(); ++i) {
      const PlannedSample &sa = a.samples[i], &sb = b.samples[i];
      if (!sa.sample.counts || !sa.sample.in_time || !sb.sample.counts || !sb.sample.in_time) continue;
      const Bounds of_a = bounds(a, sa);
      if (!of_a.exact()) return false;
      const Bounds of_b = bounds(b, sb);
      if (!of_b.exact()) return false;
      pair_rows[0][rows] = of_a.lo, pair_rows[1][rows] = of_b.lo;
      ++rows;
    }
    if (rows == 0) return false;
    if (rows % 2 == 1) pair_rows[0][rows] = pair_rows[0][0], pair_rows[1][rows] = pair_rows[1][0], ++rows;
    std::fill_n(out.yes.begin(), n, 0);
    std::fill_n(out.nearness.begin(), n, kFar);
    const auto pass = a.upward() ? (b.upward() ? pair_at_times<true, true> : pair_at_times<true, false>)
                                 : (b.upward() ? pair_at_times<false, true> : pair_at_times<false, false>);
    for (std::size_t i = 0; i < rows; i += 2)
      pass(&pair_rows[0][i], &pair_rows[1][i], limits[a.number].of[0], limits[b.number].of[0], n, out.yes.data(), out.nearness.data());
    return true;
  }

  // All conditions at one and the same moment.
  void judge_at_times(const PlannedRule& r, RuleAnswers& out) {
    out.exact = judge_pair_at_times(r, out);
    if (out.exact) return;
    std::fill_n(out.yes.begin(), n, 0);
    std::fill_n(out.can.begin(), n, 0);
    std::fill_n(out.nearness.begin(), n, kFar);
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
    }
    for (std::size_t i = 0; i < samples; ++i) {
      begin_count();
      bool counts = true;
      for (std::size_t a = 0; a < r.conditions.size(); ++a) {
        const PlannedCondition& p = r.conditions[a];
        if (!p.answerable) {
          std::fill_n(yes.begin(), n, 0);
          std::fill_n(can.begin(), n, kYes);
          std::fill_n(condition_near[a].begin(), n, kFar);
        } else {
          const PlannedSample& s = p.samples[i];
          const Bounds b = bounds(p, s);
          compare(p, b, yes, can);
          nearness_of(p, b, condition_near[a]);
          if (p.persists()) {
            std::swap(runs[a].first, run_yes), std::swap(runs[a].second, run_can);
            persist(p, s);
            std::swap(runs[a].first, run_yes), std::swap(runs[a].second, run_can);
          }
          counts = counts && s.sample.counts && s.sample.in_time;
        }
        count(p.condition->required, yes, can);
      }
      if (!counts) continue;
      told = true;
      joint_nearness(r, near_best);
      end_count(*r.rule, yes, can);
      for (std::size_t k = 0; k < n; ++k) {
        out.yes[k] |= yes[k];
        out.can[k] |= can[k];
        out.nearness[k] = std::max(out.nearness[k], near_best[k]);
      }
    }
    // Time that some condition knows nothing of; or no sample at all.
    const bool unknown_time =
        !told || std::any_of(r.conditions.begin(), r.conditions.end(), [](const PlannedCondition& p) { return p.answerable && p.time_unknown; });
    if (unknown_time) std::fill_n(out.can.begin(), n, kYes);
  }
};

RuleJudge::RuleJudge(const RulePlan& plan, std::size_t block) : state_(std::make_unique<State>(plan, block)) {}
RuleJudge::~RuleJudge() = default;

void RuleJudge::load_block(std::size_t begin, std::size_t n) {
  State& s = *state_;
  s.begin = begin;
  s.n = n;
  s.extremes.load_block(n);
  s.soon_of = nullptr;
  std::fill(s.loaded.begin(), s.loaded.end(), false);
  for (State::Limits& l : s.limits) l.loaded = l.step() == 0;
}

void RuleJudge::load_member(std::size_t member) {
  state_->member = member;
  state_->extremes.load_member();
  state_->soon_of = nullptr;
}

void RuleJudge::judge(std::size_t rule, RuleAnswers& out) {
  State& s = *state_;
  const PlannedRule& r = s.plan.rules[rule];
  if (!r.in_time) {
    out.exact = true;
    std::fill_n(out.yes.begin(), s.n, 0), std::fill_n(out.nearness.begin(), s.n, kFar);
    return;
  }
  s.prepare(r);
  if (r.at_times) s.judge_at_times(r, out);
  else s.judge_in_window(r, out);
  s.gates(r, out);
}

}  // namespace guyu
