#include "models/rules/rule_finder.h"

#include <bit>
#include <boost/test/unit_test.hpp>

#include "models/rule_model.h"
#include "models/rules/rule_judge.h"
#include "tests/models/random_rules_case.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(rule_finder)

// The columns share samples among rules, reckon yes and can at once where all is known, and sort out whole blocks; the plain way looks at one sample after the
// other.
BOOST_AUTO_TEST_CASE(a_block_is_judged_as_each_of_its_regions_is_plainly) {
  constexpr std::size_t kRegions = 21, kMembers = 3;
  std::size_t answers[3] = {0, 0, 0}, exact = 0, differ = 0;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    const std::size_t block_size = seed % 10 == 0 ? 1 : 8;
    const Holes holes = seed % 3 == 0 ? Holes::none : seed % 3 == 1 ? Holes::some : Holes::many;
    const RulePack first = random_rules(seed), second = random_rules(seed + 1000);
    const HazardInputs in = random_inputs(kRegions, kMembers, holes, seed);
    const RulePlan plan({&first, &second}, in);
    RuleJudge judge(plan, block_size);
    RuleFinder finder(plan);
    RuleAnswers block(block_size);
    for (std::size_t begin = 0; begin < kRegions; begin += block_size) {
      const std::size_t n = std::min(block_size, kRegions - begin);
      judge.load_block(begin, n);
      for (std::size_t m = 0; m < kMembers; ++m) {
        judge.load_member(m);
        for (std::size_t r = 0; r < plan.rules.size(); ++r) {
          judge.judge(r, block);
          exact += block.exact ? 1 : 0;
          for (std::size_t k = 0; k < n; ++k) {
            finder.load(begin + k, m);
            const RuleFinding f = finder.find(r);
            const bool yes = block.yes[k] != 0, can = block.exact ? yes : block.can[k] != 0;
            const Answer answer = yes ? Answer::yes : can ? Answer::unknown : Answer::no;
            ++answers[static_cast<std::size_t>(f.answer)];
            const bool same = answer == f.answer && double{block.nearness[k]} == f.nearness;
            differ += same ? 0 : 1;
            if (!same && differ < 10)
              BOOST_TEST(same, "seed " << seed << ", " << describe(*plan.rules[r].rule) << ", region " << begin + k << ", member " << m << ": "
                                       << to_string(answer) << " " << block.nearness[k] << ", plainly " << to_string(f.answer) << " " << f.nearness);
          }
        }
      }
    }
  }
  BOOST_TEST(differ == 0U);
  // All of them are tried.
  for (const std::size_t count : answers) BOOST_TEST(count > 5000U);
  BOOST_TEST(exact > 1000U);
}

BOOST_AUTO_TEST_CASE(the_level_of_a_future_is_that_of_its_severest_rule_that_holds) {
  constexpr std::size_t kRegions = 300, kMembers = 5;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    const RulePack pack = random_rules(seed);
    const HazardInputs in = random_inputs(kRegions, kMembers, seed % 2 == 0 ? Holes::none : Holes::many, seed);
    const HazardAnswer answer = RuleModel(pack).evaluate(in);
    const std::vector<const RulePack*> packs{&pack};
    const RulePlan plan(packs, in);
    RuleFinder finder(plan);
    std::size_t differ = 0;
    for (std::size_t m = 0; m < kMembers; ++m)
      for (std::size_t region = 0; region < kRegions; region += 7) {
        finder.load(region, m);
        Level level = Level::none;
        bool unknown = false;
        for (std::size_t r = 0; r < pack.rules.size(); ++r) {
          const Answer a = finder.find(r).answer;
          if (a == Answer::yes) level = std::max(level, pack.rules[r].level);
          unknown = unknown || a == Answer::unknown;
        }
        if (level == Level::none && unknown) level = Level::unknown;
        differ += static_cast<Level>(answer.member_levels[m * kRegions + region]) != level ? 1 : 0;
      }
    BOOST_TEST(differ == 0U, "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(of_a_rule_at_one_time_the_condition_that_binds_is_that_of_the_moment_that_is_told_of) {
  const TimePoint now = parse_time("2024-06-10T00:00:00Z");
  const auto hourly = [&](const char* quantity, const std::vector<float>& values) {
    HazardSeries s{*find_quantity(quantity), "mean", TimeKind::instant, {}, {}, {}};
    for (std::size_t k = 0; k < values.size(); ++k) {
      const TimePoint t = now + std::chrono::hours(static_cast<int>(k) + 1);
      s.pieces.push_back({{t, t}, Origin::forecast, {values[k]}, {1.0F}, {}});
    }
    return s;
  };
  RulePack pack;
  pack.name = pack.hazard = "x";
  Rule rule;
  rule.level = Level::blue, rule.name = "x.blue", rule.within = std::chrono::hours(3), rule.together = Together::time, rule.needed = 2;
  Condition wind, gust;
  wind.quantity = "wind_speed", wind.unit = "m s-1", wind.threshold = 10;
  gust.quantity = "wind_speed_of_gust", gust.unit = "m s-1", gust.threshold = 20;
  rule.conditions = {wind, gust};
  pack.rules = {rule};
  HazardInputs in{now, now + std::chrono::hours(3), 1};
  // In the first hour the wind is all that lacks; in the last one, farther off, the gusts are.
  in.series = {hourly("wind_speed", {9, 3, 12}), hourly("wind_speed_of_gust", {22, 3, 8})};
  const RulePlan plan({&pack}, in);
  RuleFinder finder(plan);
  finder.load(0, 0);
  const RuleFinding f = finder.find(0);
  BOOST_TEST((f.answer == Answer::no));
  BOOST_TEST(f.condition == 0U);
  BOOST_TEST(f.value == 9);
  BOOST_TEST((f.window.end == now + std::chrono::hours(1)));
}

BOOST_AUTO_TEST_SUITE_END()
