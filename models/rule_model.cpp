#include "models/rule_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"
#include "models/rules/member_decision.h"
#include "models/rules/pack_check.h"
#include "models/rules/rule_evaluator.h"
#include "models/rules/rule_samples.h"

namespace guyu {
namespace {

constexpr std::size_t kBlock = 128;  // regions: running sums of a hundred steps of them stay in a core's own cache

Seconds age_of_data(const HazardInputs& inputs, const Condition& c) {
  const HazardSeries* s = inputs.find_series(c.quantity, c.statistic);
  return s && s->observed_to ? inputs.issue - *s->observed_to : Seconds::max();
}

// The figures of one future stand for the region's.
RiskRow row_of(const RulePack& pack, const HazardInputs& inputs, std::size_t region, const MemberDecision& d, Level of_future, TimePoint horizon, RuleEvaluator::Work& one) {
  RiskRow row{region, pack.hazard, d.level, {inputs.issue, horizon}, {}, d.probability, d.unknown_share};
  one.load_block(region, 1);
  one.load_member(d.middle);
  double nearest = -std::numeric_limits<double>::infinity();
  TimePoint last{};
  const Rule* best = nullptr;
  for (std::size_t k = 0; k < pack.rules.size(); ++k) {
    const Rule& rule = pack.rules[k];
    if (of_future >= Level::blue && rule.level != of_future) continue;
    const RuleFinding f = one.find(k);
    if (of_future >= Level::blue && f.answer != Answer::yes) continue;
    last = std::max(last, f.last_holding);
    // Of several grades that share a level the severest holds when the others do.
    const bool severer = best && of_future >= Level::blue && !rule.grade.empty() && implies(rule, *best);
    if (f.nearness <= nearest + 1e-6 && !severer) continue;
    if (best && !rule.grade.empty() && of_future >= Level::blue && implies(*best, rule)) continue;
    best = &rule;
    nearest = f.nearness;
    row.evidence = {rule.name, f.window, f.threshold, f.observed, f.forecast, f.coverage, age_of_data(inputs, rule.conditions[f.condition]), f.observed_alone};
  }
  if (row.evidence.rule.empty()) row.evidence.data_age = age_of_data(inputs, pack.rules.front().conditions.front());
  if (of_future >= Level::blue) row.valid = {inputs.issue, std::max(last, inputs.issue + pack.continuing_within)};
  if (d.level >= Level::blue) row.evidence.probability = double{d.probability[static_cast<std::size_t>(d.level) - 1]};
  return row;
}

}  // namespace

Seconds history_needed(const RulePack& pack) {
  Seconds longest{0};
  for (const Rule& r : pack.rules)
    for (const Condition& c : r.conditions) longest = std::max(longest, look_back(r, c, pack.continuing_within));
  return longest;
}

std::vector<InputNeed> RuleModel::needs() const {
  std::vector<InputNeed> needs;
  const auto add = [&](const std::string& quantity, const std::string& statistic, Seconds history) {
    for (InputNeed& n : needs)
      if (n.quantity == quantity && n.statistic == statistic) {
        n.history = std::max(n.history, history);
        return;
      }
    needs.push_back({quantity, statistic, history});
  };
  for (const Rule& r : pack_.rules) {
    for (const Condition& c : r.conditions) {
      add(c.quantity, c.statistic, look_back(r, c, pack_.continuing_within));
      if (!c.threshold_attribute.empty()) add(c.threshold_attribute, "", Seconds(0));
    }
    for (const RegionGate& g : r.gates) add(g.attribute, "", Seconds(0));
  }
  return needs;
}

HazardAnswer RuleModel::evaluate(const HazardInputs& inputs) const {
  HazardAnswer answer{std::vector<RiskRow>(inputs.regions), std::vector<std::int8_t>(inputs.members * inputs.regions)};
  const RuleEvaluator evaluator(pack_, inputs);
  const std::size_t blocks = (inputs.regions + kBlock - 1) / kBlock;
  parallel_for(static_cast<std::int64_t>(blocks), 4, [&](std::int64_t first, std::int64_t last) {
    RuleEvaluator::Work work(evaluator, kBlock), one(evaluator, 1);
    RuleAnswers rule{std::vector<std::int32_t>(kBlock), std::vector<std::int32_t>(kBlock), std::vector<float>(kBlock)};
    std::vector<FutureLevel> futures(inputs.members * kBlock);  // region, then member
    for (auto b = static_cast<std::size_t>(first); b < static_cast<std::size_t>(last); ++b) {
      const std::size_t begin = b * kBlock, n = std::min(kBlock, inputs.regions - begin);
      work.load_block(begin, n);
      for (std::size_t m = 0; m < inputs.members; ++m) {
        work.load_member(m);
        for (std::size_t k = 0; k < n; ++k) futures[k * inputs.members + m] = {Level::none, -std::numeric_limits<float>::infinity()};
        for (std::size_t r = 0; r < pack_.rules.size(); ++r) {
          work.judge(r, rule);
          const Level level = pack_.rules[r].level;
          for (std::size_t k = 0; k < n; ++k) {  // severest first
            FutureLevel& f = futures[k * inputs.members + m];
            if (f.level > level) continue;
            if (rule.yes[k] && f.level < level) f = {level, rule.nearness[k]};
            else if (rule.yes[k] || f.level < Level::blue) f.nearness = std::max(f.nearness, rule.nearness[k]);
            if (!rule.yes[k] && rule.can[k] && f.level == Level::none) f.level = Level::unknown;
          }
        }
        for (std::size_t k = 0; k < n; ++k) answer.member_levels[m * inputs.regions + begin + k] = static_cast<std::int8_t>(futures[k * inputs.members + m].level);
      }
      for (std::size_t k = 0; k < n; ++k) {
        const std::span<const FutureLevel> of_region(&futures[k * inputs.members], inputs.members);
        const MemberDecision d = decide_level(of_region, pack_, calibrated_, begin + k);
        answer.rows[begin + k] = row_of(pack_, inputs, begin + k, d, of_region[d.middle].level, evaluator.horizon(), one);
      }
    }
  });
  return answer;
}

std::vector<RuleTrail> RuleModel::explain(const HazardInputs& inputs, std::size_t region) const {
  std::vector<RuleTrail> trails;
  const RuleEvaluator evaluator(pack_, inputs);
  RuleEvaluator::Work one(evaluator, 1);
  one.load_block(region, 1);
  std::vector<std::array<std::vector<RuleFinding>, 3>> by_answer(pack_.rules.size());
  for (std::size_t m = 0; m < inputs.members; ++m) {
    one.load_member(m);
    for (std::size_t r = 0; r < pack_.rules.size(); ++r) {
      const RuleFinding f = one.find(r);
      by_answer[r][static_cast<std::size_t>(f.answer)].push_back(f);
    }
  }
  const auto n = static_cast<double>(inputs.members);
  for (std::size_t r = 0; r < pack_.rules.size(); ++r) {
    const Rule& rule = pack_.rules[r];
    auto& futures = by_answer[r];
    RuleTrail t;
    t.rule = rule.name;
    t.level = rule.level;
    t.member_share = static_cast<double>(futures[1].size()) / n;
    t.unknown_share = static_cast<double>(futures[2].size()) / n;
    constexpr double kRounding = 1e-9;
    const double needed = pack_.needed_probability(rule.level) - kRounding;
    t.answer = t.member_share >= needed ? Answer::yes : futures[2].empty() || t.member_share + t.unknown_share < needed ? Answer::no : Answer::unknown;
    std::vector<RuleFinding>* same = &futures[static_cast<std::size_t>(t.answer)];
    if (same->empty()) same = &*std::max_element(futures.begin(), futures.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    std::stable_sort(same->begin(), same->end(), [](const RuleFinding& a, const RuleFinding& b) { return a.nearness < b.nearness; });
    const RuleFinding& middle = (*same)[(same->size() - 1) / 2];
    const Condition& c = rule.conditions[middle.condition];
    t.condition = describe(c);
    t.window = middle.window;
    t.threshold = middle.threshold;
    t.observed = middle.observed;
    t.forecast = middle.forecast;
    t.coverage = middle.coverage;
    // What is reached already and is over lacks only rain that goes on.
    const bool over = t.answer == Answer::no && c.aggregate == Aggregate::sum && middle.observed_alone;
    if (t.answer != Answer::unknown) t.margin = over ? std::max(0.0, pack_.continuing_mm - middle.forecast) : std::abs(middle.threshold - middle.value);
    trails.push_back(t);
  }
  return trails;
}

}  // namespace guyu
