#include "models/rule_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>

#include "hpc/parallel/parallel_for.h"
#include "models/rules/member_decision.h"
#include "models/rules/pack_check.h"
#include "models/rules/rule_finder.h"
#include "models/rules/rule_judge.h"
#include "models/rules/rule_samples.h"

namespace guyu {
namespace {

constexpr std::size_t kBlock = 256;  // regions: what a member's series tell of them stays in a core's own cache

Seconds age_of_data(const HazardInputs& inputs, const Condition& c) {
  const HazardSeries* s = inputs.find_series(c.quantity, c.statistic, c.series_window());
  return s && s->observed_to ? inputs.issue - *s->observed_to : Seconds::max();
}

// The clearest rule of each future of a block; the level itself stands in the answer.
struct FutureRules {
  std::vector<float> nearness;     // members x block
  std::vector<std::int32_t> rule;  // likewise
};

// What a thread works with; made once for as many threads as work at a time.
struct Seat {
  Seat(const RulePlan& plan, std::size_t members)
      : judge(plan, kBlock), finder(plan), answers(kBlock), level(kBlock), decisions(members, kBlock),
        futures(plan.packs.size(), {std::vector<float>(members * kBlock), std::vector<std::int32_t>(members * kBlock)}) {}
  RuleJudge judge;
  RuleFinder finder;
  RuleAnswers answers;
  std::vector<std::int32_t> level;
  MemberDecisions decisions;
  std::vector<FutureRules> futures;  // by pack
};
class Seats {
 public:
  Seats(const RulePlan& plan, std::size_t members) : plan_(plan), members_(members) {}
  std::unique_ptr<Seat> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Seat>(plan_, members_);
    std::unique_ptr<Seat> seat = std::move(free_.back());
    free_.pop_back();
    return seat;
  }
  void give_back(std::unique_ptr<Seat> seat) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(seat));
  }

 private:
  const RulePlan& plan_;
  std::size_t members_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Seat>> free_;
};

// A pack among those of a plan.
struct PlacedPack {
  const RulePack* pack;
  std::size_t first_rule;  // of the plan
  TimePoint horizon;
  std::vector<Seconds> data_age;  // by rule: of its first condition
};

// Raises the levels of a member, nearness and clearest rule to what one more rule of the pack says; the severest rules come first.
void take_rule(const RuleAnswers& a, Level of_rule, std::size_t number, std::size_t n, std::int32_t* __restrict levels, float* __restrict nearness,
               std::int32_t* __restrict rules) {
  const auto rule_level = static_cast<std::int32_t>(of_rule), r = static_cast<std::int32_t>(number);
  const std::int32_t *yes = a.yes.data(), *can = a.can.data();
  const float* near = a.nearness.data();
  constexpr auto kBlue = static_cast<std::int32_t>(Level::blue), kNone = static_cast<std::int32_t>(Level::none);
  const auto mask = [](bool b) { return b ? -1 : 0; };
  for (std::size_t k = 0; k < n; ++k) {
    // All is read before anything is chosen, so that it is done with masks.
    const std::int32_t level = levels[k], rule_before = rules[k], raises = yes[k] & mask(level < rule_level);
    const float now = near[k], before = nearness[k];
    const std::int32_t takes = raises | ((yes[k] | mask(level < kBlue)) & mask(now > before) & mask(level <= rule_level));
    levels[k] = raises != 0 ? rule_level : level;
    nearness[k] = takes != 0 ? now : before;
    rules[k] = takes != 0 ? r : rule_before;
  }
  if (a.exact) return;
  for (std::size_t k = 0; k < n; ++k) levels[k] += ~yes[k] & can[k] & mask(levels[k] == kNone);  // None - 1 is Unknown
}

// The future that stands for a region.
struct StandingFuture {
  Level level;
  float nearness;
  std::size_t rule;  // of the pack: its clearest one
  // What comes near nothing has no figures to tell.
  bool is_told() const { return level >= Level::blue || nearness >= 0.5F; }
};

void fill_row(const PlacedPack& placed, const HazardInputs& inputs, const MemberDecision& d, const StandingFuture& future, RuleFinder& finder, RiskRow& row) {
  const RulePack& pack = *placed.pack;
  row.hazard = pack.hazard;
  row.level = d.level;
  row.valid = {inputs.issue, placed.horizon};
  row.probability = d.probability;
  row.unknown_share = d.unknown_share;
  row.nearness = future.nearness;
  row.member_share = d.share;
  finder.load(row.region, d.middle);
  const auto take = [&](const Rule& rule, const RuleFinding& f) {
    row.evidence = {rule.name, f.window, f.threshold, f.observed, f.forecast, f.coverage, age_of_data(inputs, rule.conditions[f.condition]), f.observed_alone};
    row.evidence.unit = rule.conditions[f.condition].unit;
  };
  const Rule& clearest = pack.rules[future.rule];
  if (!future.is_told()) {
    row.evidence.data_age = placed.data_age[future.rule];
    row.evidence.coverage = std::numeric_limits<double>::quiet_NaN();
    row.evidence.unit = clearest.conditions.front().unit;
  } else if (future.level < Level::blue) {
    take(clearest, finder.find(placed.first_rule + future.rule));
  } else {
    double nearest = -std::numeric_limits<double>::infinity();
    TimePoint last{};
    const Rule* best = nullptr;
    for (std::size_t k = 0; k < pack.rules.size(); ++k) {
      const Rule& rule = pack.rules[k];
      if (rule.level != future.level) continue;
      const RuleFinding f = finder.find(placed.first_rule + k);
      if (f.answer != Answer::yes) continue;
      last = std::max(last, f.last_holding);
      // Of several grades that share a level the severest holds when the others do.
      const bool graded = best && !rule.grade.empty();
      if ((f.nearness <= nearest + 1e-6 && !(graded && implies(rule, *best))) || (graded && implies(*best, rule))) continue;
      best = &rule;
      nearest = f.nearness;
      take(rule, f);
    }
    row.valid = {inputs.issue, std::max(last, inputs.issue + pack.continuing_within)};
  }
  if (d.level >= Level::blue) row.evidence.probability = double{d.probability[static_cast<std::size_t>(d.level) - 1]};
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
  const auto add = [&](const std::string& quantity, const std::string& statistic, Seconds history, Seconds ahead, Seconds window = Seconds(0)) {
    for (InputNeed& n : needs)
      if (n.quantity == quantity && n.statistic == statistic && n.window == window) {
        n.history = std::max(n.history, history), n.ahead = std::max(*n.ahead, ahead);
        return;
      }
    needs.push_back({quantity, statistic, history, ahead, window});
  };
  for (const Rule& r : pack_.rules) {
    for (const Condition& c : r.conditions) {
      add(c.quantity, c.statistic, look_back(r, c, pack_.continuing_within), std::max(r.within, pack_.continuing_within), c.series_window());
      // Whether it goes on.
      if (c.sums_places()) add(c.quantity, "max", Seconds(0), std::max(r.within, pack_.continuing_within), kToCome);
      if (!c.threshold_attribute.empty()) add(c.threshold_attribute, "", Seconds(0), Seconds(0));
    }
    for (const RegionGate& g : r.gates) add(g.attribute, "", Seconds(0), Seconds(0));
  }
  return needs;
}

HazardAnswer RuleModel::evaluate(const HazardInputs& inputs) const { return std::move(evaluate_rules({this}, inputs).front()); }

std::vector<HazardAnswer> evaluate_rules(const std::vector<const RuleModel*>& models, const HazardInputs& inputs) {
  std::vector<const RulePack*> packs;
  for (const RuleModel* m : models) packs.push_back(&m->pack());
  const RulePlan plan(packs, inputs);
  std::vector<HazardAnswer> answers;
  std::vector<PlacedPack> placed;
  std::size_t rules = 0;
  for (std::size_t p = 0; p < packs.size(); ++p) {
    answers.push_back({std::vector<RiskRow>(inputs.regions), std::vector<std::int8_t>(inputs.members * inputs.regions)});
    placed.push_back({packs[p], rules, plan.horizons[p], {}});
    for (const Rule& r : packs[p]->rules) placed.back().data_age.push_back(age_of_data(inputs, r.conditions.front()));
    rules += packs[p]->rules.size();
  }
  const std::size_t members = inputs.members, blocks = (inputs.regions + kBlock - 1) / kBlock;
  Seats seats(plan, members);
  parallel_for(static_cast<std::int64_t>(blocks), 1, [&](std::int64_t first, std::int64_t last) {
    std::unique_ptr<Seat> seat = seats.take();
    auto& [judge, finder, answer, level, decisions, futures] = *seat;
    for (auto b = static_cast<std::size_t>(first); b < static_cast<std::size_t>(last); ++b) {
      const std::size_t begin = b * kBlock, n = std::min(kBlock, inputs.regions - begin);
      judge.load_block(begin, n);
      for (std::size_t m = 0; m < members; ++m) {
        judge.load_member(m);
        for (std::size_t p = 0; p < packs.size(); ++p) {
          float* nearness = &futures[p].nearness[m * kBlock];
          std::int32_t* rule = &futures[p].rule[m * kBlock];
          std::fill_n(level.begin(), n, static_cast<std::int32_t>(Level::none));
          std::fill_n(nearness, n, -std::numeric_limits<float>::infinity());
          std::fill_n(rule, n, 0);
          for (std::size_t r = 0; r < packs[p]->rules.size(); ++r) {
            judge.judge(placed[p].first_rule + r, answer);
            take_rule(answer, packs[p]->rules[r].level, r, n, level.data(), nearness, rule);
          }
          std::int8_t* told = &answers[p].member_levels[m * inputs.regions + begin];
          for (std::size_t k = 0; k < n; ++k) told[k] = static_cast<std::int8_t>(level[k]);
        }
      }
      for (std::size_t p = 0; p < packs.size(); ++p) {
        const std::int8_t* told = &answers[p].member_levels[begin];
        decisions.decide({told, inputs.regions, futures[p].nearness.data(), kBlock}, n, *packs[p], models[p]->calibrated(), begin);
        const auto standing = [&, &decided = decisions, &rules_of = futures[p]](std::size_t k) {
          const std::size_t m = decided.of(k).middle, at = m * kBlock + k;
          return StandingFuture{static_cast<Level>(told[m * inputs.regions + k]), rules_of.nearness[at], static_cast<std::size_t>(rules_of.rule[at])};
        };
        StandingFuture future = standing(0);
        for (std::size_t k = 0; k < n; ++k) {
          const std::size_t after = std::min(k + 1, n - 1);
          const StandingFuture next = standing(after);
          if (next.is_told()) finder.expect(placed[p].first_rule + next.rule, begin + after, decisions.of(after).middle);
          RiskRow& row = answers[p].rows[begin + k];
          row.region = begin + k;
          fill_row(placed[p], inputs, decisions.of(k), future, finder, row);
          future = next;
        }
      }
    }
    seats.give_back(std::move(seat));
  });
  return answers;
}

std::vector<RuleTrail> RuleModel::explain(const HazardInputs& inputs, std::size_t region) const {
  std::vector<RuleTrail> trails;
  const std::vector<const RulePack*> packs{&pack_};
  const RulePlan plan(packs, inputs);
  RuleFinder finder(plan);
  std::vector<std::array<std::vector<RuleFinding>, 3>> by_answer(pack_.rules.size());
  for (std::size_t m = 0; m < inputs.members; ++m) {
    finder.load(region, m);
    for (std::size_t r = 0; r < pack_.rules.size(); ++r) {
      const RuleFinding f = finder.find(r);
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
    constexpr double kRounding = 1e-6;
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
    if (t.answer != Answer::unknown)
      t.margin = over ? std::max(0.0, pack_.continuing_mm - std::max(0.0, middle.to_come)) : std::abs(middle.threshold - middle.value);
    trails.push_back(t);
  }
  return trails;
}

}  // namespace guyu
