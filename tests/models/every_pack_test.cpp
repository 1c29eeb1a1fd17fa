// What holds for every model that decides: each shipped pack is one.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <map>
#include <numeric>

#include "hpc/parallel/parallel_for.h"
#include "models/rule_model.h"
#include "tests/models/pack_inputs_case.h"

using namespace guyu;
using namespace guyu::test;
namespace {
const TimePoint kWhen = parse_time("2024-05-20T00:00:00Z");
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

void for_all_values(HazardInputs& in, const auto& change) {
  for (HazardSeries& s : in.series)
    for (SeriesPiece& p : s.pieces) {
      for (float& v : p.values) change(s, v);
      for (auto& member : p.members)
        for (float& v : member) change(s, v);
    }
}

std::vector<int> levels_of(const RulePack& pack, const HazardInputs& in) {
  std::vector<int> levels;
  for (const RiskRow& row : RuleModel(pack).evaluate(in).rows) levels.push_back(static_cast<int>(row.level));
  return levels;
}
// A pack that holds only in a season is tried in it.
TimePoint time_for(const RulePack& pack) {
  for (const Rule& r : pack.rules)
    if (!r.seasons.empty()) {
      const DayOfYear d = r.seasons.front().from;
      return TimePoint(std::chrono::sys_days(std::chrono::year(2024) / d.month / d.day)) + std::chrono::hours(9 * 24);
    }
  return kWhen;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(every_pack)

BOOST_AUTO_TEST_CASE(nothing_known_is_unknown_everywhere) {
  for (const std::string& name : shipped_packs()) {
    const RulePack pack = shipped_pack(name);
    HazardInputs in = inputs_for(pack, 9, 3, time_for(pack), 1);
    for_all_values(in, [](const HazardSeries&, float& v) { v = kMissing; });
    for (const int level : levels_of(pack, in)) BOOST_TEST(level == static_cast<int>(Level::unknown), name);
    in.series.clear();
    for (const int level : levels_of(pack, in)) BOOST_TEST(level == static_cast<int>(Level::unknown), name << " without series");
  }
}

BOOST_AUTO_TEST_CASE(a_missing_value_never_turns_a_level_into_none) {
  for (const std::string& name : shipped_packs()) {
    const RulePack pack = shipped_pack(name);
    const HazardInputs in = inputs_for(pack, 60, 1, time_for(pack), 2);
    const std::vector<int> whole = levels_of(pack, in);
    HazardInputs holes = in;
    std::uint32_t x = 5;
    for_all_values(holes, [&](const HazardSeries&, float& v) {
      x = x * 1664525U + 1013904223U;
      if ((x >> 16) % 3 == 0) v = kMissing;
    });
    const std::vector<RiskRow> part = RuleModel(pack).evaluate(holes).rows;
    for (std::size_t r = 0; r < whole.size(); ++r) {
      // Knowing less may cost a level or leave it; a None needs to have been None. Only what was reached already can gain: it may go on.
      const int level = static_cast<int>(part[r].level);
      if (level == 0) BOOST_TEST(whole[r] == 0, name << " region " << r);
      if (level > 0 && !part[r].evidence.already_reached) BOOST_TEST(whole[r] >= level, name << " region " << r);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stronger_driver_lowers_no_level) {
  std::size_t raised = 0;
  for (const std::string& name : shipped_packs()) {
    const RulePack pack = shipped_pack(name);
    std::map<std::string, int> direction;  // 1: more is worse, -1: less is worse, 0: both
    for (const Rule& r : pack.rules)
      for (const Condition& c : r.conditions) {
        const int d = c.change != Change::none ? 0 : c.compare == Compare::at_least || c.compare == Compare::above ? 1 : -1;
        const auto [at, is_new] = direction.emplace(c.quantity, d);
        if (!is_new && at->second != d) at->second = 0;
      }
    const HazardInputs in = inputs_for(pack, 60, 3, time_for(pack), 3);
    HazardInputs stronger = in;
    for_all_values(stronger, [&](const HazardSeries& s, float& v) {
      const int d = direction.at(s.quantity.name);
      const float away = s.quantity.unit == "K" ? 6.0F : std::abs(v);
      v = std::clamp(v + static_cast<float>(d) * away, static_cast<float>(s.quantity.plausible_min), static_cast<float>(s.quantity.plausible_max));
    });
    const std::vector<int> before = levels_of(pack, in), after = levels_of(pack, stronger);
    for (std::size_t r = 0; r < before.size(); ++r) {
      BOOST_TEST(after[r] >= before[r], name << " region " << r);
      raised += after[r] > before[r] ? 1 : 0;
    }
  }
  BOOST_TEST(raised > 100U);
}

BOOST_AUTO_TEST_CASE(regions_in_another_order_get_their_own_answers_and_threads_change_nothing) {
  constexpr std::size_t kRegions = 300;
  std::size_t warned = 0;
  for (const std::string& name : shipped_packs()) {
    const RulePack pack = shipped_pack(name);
    const HazardInputs in = inputs_for(pack, kRegions, 3, time_for(pack), 4);
    HazardInputs turned = in;
    const auto turn = [](std::vector<float>& v) { std::rotate(v.begin(), v.begin() + 77, v.end()); };
    for (HazardSeries& s : turned.series)
      for (SeriesPiece& p : s.pieces) {
        turn(p.values), turn(p.coverage);
        for (auto& m : p.members) turn(m);
      }
    for (RegionAttribute& a : turned.attributes) turn(a.values);
    set_num_threads(1);
    const HazardAnswer one = RuleModel(pack).evaluate(in);
    set_num_threads(3);
    const HazardAnswer other = RuleModel(pack).evaluate(turned);
    set_num_threads(0);
    for (std::size_t r = 0; r < kRegions; ++r) {
      const RiskRow &a = one.rows[(r + 77) % kRegions], &b = other.rows[r];
      BOOST_TEST(static_cast<int>(a.level) == static_cast<int>(b.level), name);
      BOOST_TEST(a.probability == b.probability, boost::test_tools::per_element());
      BOOST_TEST(a.evidence.rule == b.evidence.rule, name);
      BOOST_TEST(a.evidence.observed + a.evidence.forecast == b.evidence.observed + b.evidence.forecast, name);
      warned += a.level >= Level::blue ? 1 : 0;
    }
  }
  BOOST_TEST(warned > 1000U);
}

BOOST_AUTO_TEST_CASE(the_trail_implies_the_level_of_one_future) {
  for (const std::string& name : shipped_packs()) {
    const RulePack pack = shipped_pack(name);
    const HazardInputs in = inputs_for(pack, 30, 1, time_for(pack), 6);
    const RuleModel model(pack);
    const HazardAnswer answer = model.evaluate(in);
    for (std::size_t r = 0; r < in.regions; ++r) {
      Level implied = Level::none;
      bool unknown = false;
      for (const RuleTrail& t : model.explain(in, r)) {
        if (t.answer == Answer::yes) implied = std::max(implied, t.level);
        unknown = unknown || t.answer == Answer::unknown;
      }
      if (implied == Level::none && unknown) implied = Level::unknown;
      BOOST_TEST(static_cast<int>(implied) == static_cast<int>(answer.rows[r].level), name << " region " << r);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
