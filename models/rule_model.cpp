#include "models/rule_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>

#include "hpc/parallel/parallel_for.h"
#include "models/rules/member_decision.h"
#include "models/rules/pack_check.h"
#include "models/rules/rule_evaluator.h"
#include "models/rules/rule_samples.h"

namespace guyu {
namespace {

constexpr std::size_t kBlock = 256;  // regions: running sums of a hundred steps of them stay in a core's own cache

Seconds age_of_data(const HazardInputs& inputs, const Condition& c) {
  const HazardSeries* s = inputs.find_series(c.quantity, c.statistic);
  return s && s->observed_to ? inputs.issue - *s->observed_to : Seconds::max();
}

// What a thread works with; made once for as many threads as work at a time.
struct Seat {
  Seat(const RuleEvaluator& evaluator, std::size_t packs, std::size_t members)
      : work(evaluator, kBlock), one(evaluator, 1), rule{std::vector<std::int32_t>(kBlock), std::vector<std::int32_t>(kBlock), std::vector<float>(kBlock)},
        futures(packs, std::vector<FutureLevel>(members * kBlock)) {}
  RuleEvaluator::Work work, one;
  RuleAnswers rule;
  std::vector<std::vector<FutureLevel>> futures;  // by pack: region, then member
  std::vector<std::size_t> space;
};
class Seats {
 public:
  Seats(const RuleEvaluator& evaluator, std::size_t packs, std::size_t members) : evaluator_(evaluator), packs_(packs), members_(members) {}
  std::unique_ptr<Seat> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Seat>(evaluator_, packs_, members_);
    std::unique_ptr<Seat> seat = std::move(free_.back());
    free_.pop_back();
    return seat;
  }
  void give_back(std::unique_ptr<Seat> seat) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(seat));
  }

 private:
  const RuleEvaluator& evaluator_;
  std::size_t packs_, members_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Seat>> free_;
};

// A pack among those of an evaluator.
struct PlacedPack {
  const RulePack* pack;
  std::size_t first_rule;  // of the evaluator
  TimePoint horizon;
};

// The figures of one future stand for the region's; `one` holds its block and member.
RiskRow row_of(const PlacedPack& placed, const HazardInputs& inputs, std::size_t region, const MemberDecision& d, const FutureLevel& future,
               RuleEvaluator::Work& one) {
  const RulePack& pack = *placed.pack;
  RiskRow row{region, pack.hazard, d.level, {inputs.issue, placed.horizon}, {}, d.probability, d.unknown_share, future.nearness, d.share};
  const auto take = [&](const Rule& rule, const RuleFinding& f) {
    row.evidence = {rule.name, f.window, f.threshold, f.observed, f.forecast, f.coverage, age_of_data(inputs, rule.conditions[f.condition]), f.observed_alone};
    row.evidence.unit = rule.conditions[f.condition].unit;
  };
  // What comes near nothing has no figures to tell.
  constexpr float kTold = 0.5F;
  if (future.level < Level::blue && future.nearness < kTold) {
    row.evidence.data_age = age_of_data(inputs, pack.rules[future.rule].conditions.front());
    row.evidence.coverage = std::numeric_limits<double>::quiet_NaN();
    row.evidence.unit = pack.rules[future.rule].conditions.front().unit;
  } else if (future.level < Level::blue) {
    take(pack.rules[future.rule], one.find(placed.first_rule + future.rule));
  } else {
    double nearest = -std::numeric_limits<double>::infinity();
    TimePoint last{};
    const Rule* best = nullptr;
    for (std::size_t k = 0; k < pack.rules.size(); ++k) {
      const Rule& rule = pack.rules[k];
      if (rule.level != future.level) continue;
      const RuleFinding f = one.find(placed.first_rule + k);
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
  const auto add = [&](const std::string& quantity, const std::string& statistic, Seconds history, Seconds ahead) {
    for (InputNeed& n : needs)
      if (n.quantity == quantity && n.statistic == statistic) {
        n.history = std::max(n.history, history), n.ahead = std::max(*n.ahead, ahead);
        return;
      }
    needs.push_back({quantity, statistic, history, ahead});
  };
  for (const Rule& r : pack_.rules) {
    for (const Condition& c : r.conditions) {
      add(c.quantity, c.statistic, look_back(r, c, pack_.continuing_within), std::max(r.within, pack_.continuing_within));
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
  const RuleEvaluator evaluator(packs, inputs);
  std::vector<HazardAnswer> answers;
  std::vector<PlacedPack> placed;
  std::size_t rules = 0;
  for (std::size_t p = 0; p < packs.size(); ++p) {
    answers.push_back({std::vector<RiskRow>(inputs.regions), std::vector<std::int8_t>(inputs.members * inputs.regions)});
    placed.push_back({packs[p], rules, evaluator.horizon(p)});
    rules += packs[p]->rules.size();
  }
  const std::size_t members = inputs.members, blocks = (inputs.regions + kBlock - 1) / kBlock;
  Seats seats(evaluator, packs.size(), members);
  parallel_for(static_cast<std::int64_t>(blocks), 1, [&](std::int64_t first, std::int64_t last) {
    std::unique_ptr<Seat> seat = seats.take();
    auto& [work, one, rule, futures, space] = *seat;
    for (auto b = static_cast<std::size_t>(first); b < static_cast<std::size_t>(last); ++b) {
      const std::size_t begin = b * kBlock, n = std::min(kBlock, inputs.regions - begin);
      work.load_block(begin, n);
      for (std::size_t m = 0; m < members; ++m) {
        work.load_member(m);
        for (std::size_t p = 0; p < packs.size(); ++p) {
          FutureLevel* const of_member = futures[p].data() + m;
          for (std::size_t k = 0; k < n; ++k) of_member[k * members] = {Level::none, -std::numeric_limits<float>::infinity(), 0};
          for (std::size_t r = 0; r < packs[p]->rules.size(); ++r) {
            work.judge(placed[p].first_rule + r, rule);
            const Level level = packs[p]->rules[r].level;
            for (std::size_t k = 0; k < n; ++k) {  // severest first
              FutureLevel& f = of_member[k * members];
              if (f.level > level) continue;
              const bool raises = rule.yes[k] && f.level < level;
              if (raises || ((rule.yes[k] || f.level < Level::blue) && rule.nearness[k] > f.nearness))
                f = {raises ? level : f.level, rule.nearness[k], static_cast<std::uint32_t>(r)};
              if (!rule.yes[k] && rule.can[k] && f.level == Level::none) f.level = Level::unknown;
            }
          }
          for (std::size_t k = 0; k < n; ++k) answers[p].member_levels[m * inputs.regions + begin + k] = static_cast<std::int8_t>(of_member[k * members].level);
        }
      }
      for (std::size_t k = 0; k < n; ++k) {
        one.load_block(begin + k, 1);
        for (std::size_t p = 0; p < packs.size(); ++p) {
          const std::span<const FutureLevel> of_region(&futures[p][k * members], members);
          const MemberDecision d = decide_level(of_region, *packs[p], models[p]->calibrated(), begin + k, space);
          one.load_member(d.middle);
          answers[p].rows[begin + k] = row_of(placed[p], inputs, begin + k, d, of_region[d.middle], one);
        }
      }
    }
    seats.give_back(std::move(seat));
  });
  return answers;
}

std::vector<RuleTrail> RuleModel::explain(const HazardInputs& inputs, std::size_t region) const {
  std::vector<RuleTrail> trails;
  const RuleEvaluator evaluator({&pack_}, inputs);
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
    if (t.answer != Answer::unknown) t.margin = over ? std::max(0.0, pack_.continuing_mm - middle.forecast) : std::abs(middle.threshold - middle.value);
    trails.push_back(t);
  }
  return trails;
}

}  // namespace guyu
