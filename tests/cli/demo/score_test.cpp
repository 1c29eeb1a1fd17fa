#include "cli/demo/score.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/region/region_set.h"

using namespace guyu;
using namespace guyu::cli::demo;
namespace {
const TimePoint kBegin = parse_time("2024-06-18T06:00:00Z");
constexpr std::chrono::hours hour{1};
constexpr std::chrono::minutes half{30};

// Blue: 20 mm in 1 h; red: 50 mm in 1 h. "Goes on" means 1 mm in the next hour.
RulePack pack() {
  RulePack p;
  p.hazard = "rainstorm";
  p.continuing_mm = 1;
  p.continuing_within = hour;
  p.rules = {as_rule({Level::red, hour, 50, "red.1h"}), as_rule({Level::blue, hour, 20, "blue.1h"})};
  return p;
}
// Hourly amounts per township.
TownshipRain rain(const std::vector<std::vector<float>>& hours) {
  TownshipRain r(kBegin, hour, hours.front().size());
  for (const auto& amounts : hours) r.add_step(amounts);
  return r;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(score_)

BOOST_AUTO_TEST_CASE(a_total_is_linear_within_a_step_and_dry_outside_the_case) {
  const TownshipRain r = rain({{10}, {30}});
  BOOST_TEST(r.total(0, {kBegin - hour, kBegin + half}) == 5);
  BOOST_TEST(r.total(0, {kBegin + half, kBegin + 3 * half}) == 20);
  BOOST_TEST(r.total(0, {kBegin, kBegin + 9 * hour}) == 40);
}

BOOST_AUTO_TEST_CASE(the_true_level_is_the_severest_that_is_met_within_its_window) {
  const TownshipRain r = rain({{0, 0, 0}, {25, 60, 0}, {0, 0, 90}});
  const auto level = [&](std::size_t k) { return true_level(r, pack(), k, kBegin + hour, kBegin + 12 * hour); };
  BOOST_TEST((level(0) == Level::blue));
  BOOST_TEST((level(1) == Level::red));
  BOOST_TEST((level(2) == Level::none));  // it comes later than the rule looks
}

BOOST_AUTO_TEST_CASE(rain_that_is_over_calls_for_nothing_and_rain_that_goes_on_does) {
  const TownshipRain r = rain({{60, 60}, {0, 2}});
  BOOST_TEST((true_level(r, pack(), 0, kBegin + hour, kBegin + 12 * hour) == Level::none));
  BOOST_TEST((true_level(r, pack(), 1, kBegin + hour, kBegin + 12 * hour) == Level::red));
}

BOOST_AUTO_TEST_CASE(a_level_is_first_reached_when_its_window_fills) {
  const TownshipRain r = rain({{0}, {15}, {25}});
  BOOST_TEST((first_reached(r, pack(), Level::blue, 0, kBegin, kBegin + 12 * hour) == kBegin + 3 * hour));
  BOOST_TEST(!first_reached(r, pack(), Level::red, 0, kBegin, kBegin + 12 * hour));
}

BOOST_AUTO_TEST_CASE(hits_misses_false_alarms_and_the_unknown_are_told_apart) {
  // Township:                    hit  miss false dry unknown
  const TownshipRain r = rain({{0, 0, 0, 0, 0}, {30, 30, 2, 2, 30}});
  const CycleAnswer a{kBegin + hour, kBegin + 12 * hour, {Level::blue, Level::none, Level::yellow, Level::none, Level::unknown}, {29, 31, NAN, 2, NAN}};
  const Scores s = score(r, pack(), {a});
  const Contingency& blue = s.total[0];
  BOOST_TEST((blue.hits == 1 && blue.misses == 1 && blue.false_alarms == 1 && blue.correct_negatives == 1 && blue.unjudged == 1));
  BOOST_TEST(s.total[3].judged() == 4U);
  BOOST_TEST(s.total[3].false_alarms == 0U);
  BOOST_TEST(s.cycles[0].unknown == 1U);
  BOOST_TEST(s.cycles[0].next_hour.pairs == 3U);
  BOOST_TEST(s.cycles[0].next_hour.mean_error == 0.0);
  BOOST_TEST(s.cycles[0].next_hour.mean_absolute_error == 2.0 / 3, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(lead_time_counts_from_the_first_cycle_that_warned) {
  // Reached at the ends of hours 3, 3, 3 and 1; the last before the first cycle, so it is nobody's lead.
  const TownshipRain r = rain({{0, 0, 0, 40}, {0, 0, 0, 0}, {30, 30, 30, 0}});
  const TimePoint first = kBegin + hour, second = kBegin + 3 * hour, horizon = kBegin + 12 * hour;
  const CycleAnswer early{first, horizon, {Level::blue, Level::none, Level::none, Level::none}, {}};
  const CycleAnswer later{second, horizon, {Level::red, Level::blue, Level::none, Level::none}, {}};
  const Scores s = score(r, pack(), {early, later});
  const LeadTime& blue = s.lead[0];
  BOOST_TEST((blue.ahead == 1 && blue.late == 1 && blue.never == 1));
  BOOST_TEST(blue.median_minutes == 120);
  BOOST_TEST(s.cycles[0].next_hour.pairs == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
