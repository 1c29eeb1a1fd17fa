#include "engine/verify/warning_lead.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace guyu;
namespace {
TimePoint at(int minutes) { return TimePoint(Seconds(60 * minutes)); }
Interval from_to(int begin, int end) { return {at(begin), at(end)}; }
// Steps of ten minutes from minute 0.
std::vector<RainStep> steps(const std::vector<double>& amounts) {
  std::vector<RainStep> all;
  int t = 0;
  for (const double mm : amounts) all.push_back({from_to(t, t + 10), mm}), t += 10;
  return all;
}
const std::vector<RainCriterion> kTenInTwenty{{Seconds(1200), 10.0}};
}  // namespace
BOOST_AUTO_TEST_SUITE(warning_lead)

BOOST_AUTO_TEST_CASE(a_spell_lasts_as_long_as_the_window_holds_the_rain) {
  const Spells s = rain_spells(steps({0, 4, 6, 1, 0, 0, 12}), kTenInTwenty, from_to(0, 70), 1.0, at(0));
  BOOST_REQUIRE(s.reached.size() == 2U);
  BOOST_TEST((s.reached[0] == from_to(30, 30)));
  BOOST_TEST((s.reached[1] == from_to(70, 70)));
  BOOST_TEST(s.unsure.empty());
}

BOOST_AUTO_TEST_CASE(unknown_rain_leaves_ends_unsure_but_what_is_known_may_be_enough) {
  const Spells s = rain_spells(steps({0, NAN, 12, 0, 0, 0}), kTenInTwenty, from_to(0, 60), 1.0, at(0));
  BOOST_REQUIRE(s.reached.size() == 1U);
  BOOST_TEST((s.reached[0] == from_to(30, 40)));
  BOOST_TEST((s.unsure == std::vector<Interval>{from_to(20, 20)}));
}

BOOST_AUTO_TEST_CASE(without_history_the_first_window_is_unsure) {
  const Spells s = rain_spells(steps({0, 0, 0}), kTenInTwenty, from_to(0, 30), 1.0);
  BOOST_TEST((s.unsure == std::vector<Interval>{from_to(10, 10)}));
  BOOST_TEST(rain_spells(steps({0, 0, 0}), kTenInTwenty, from_to(0, 30), 0.5).unsure.empty());
}

// Frames that never came leave no step at all; that is no dry weather.
BOOST_AUTO_TEST_CASE(time_between_steps_that_do_not_join_is_unsure_unless_enough_of_the_windows_is_known) {
  std::vector<RainStep> some = steps({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  some.erase(some.begin() + 4, some.begin() + 8);  // minutes 40 to 80
  const Spells s = rain_spells(some, kTenInTwenty, from_to(0, 100), 1.0, at(0));
  BOOST_TEST((s.unsure == std::vector<Interval>{from_to(40, 80), from_to(90, 90)}));
  BOOST_TEST(!s.unsure_within(at(0), at(40)));
  BOOST_TEST(s.unsure_within(at(0), at(41)));
  BOOST_TEST(s.unsure_within(at(50), at(60)));
  BOOST_TEST(!s.unsure_within(at(90), at(100)));
  const std::vector<WarningSpan> during{{at(20), at(70)}}, before{{at(5), at(40)}};
  BOOST_TEST(match_warnings(during, s, at(0), from_to(0, 100)).unjudged == 1U);
  BOOST_TEST(match_warnings(before, s, at(0), from_to(0, 100)).false_alarms == 1U);
  some = steps({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  some.erase(some.begin() + 4);
  BOOST_TEST(rain_spells(some, std::vector<RainCriterion>{{Seconds(3600), 10.0}}, from_to(0, 100), 0.8, at(0)).unsure.empty());
}

BOOST_AUTO_TEST_CASE(a_step_that_sticks_out_counts_by_its_share) {
  const std::vector<RainStep> coarse{{from_to(0, 40), 20.0}};
  BOOST_TEST(rain_spells(coarse, kTenInTwenty, from_to(0, 40), 1.0).reached.size() == 1U);
  const std::vector<RainStep> less{{from_to(0, 40), 19.0}};
  BOOST_TEST(rain_spells(less, kTenInTwenty, from_to(0, 40), 1.0).reached.empty());
}

BOOST_AUTO_TEST_CASE(warnings_and_spells_find_each_other) {
  const Spells spells{{from_to(60, 80), from_to(200, 200), from_to(300, 310)}, {}};
  const std::vector<WarningSpan> warnings{{at(15), at(75)}, {at(100), at(150)}, {at(305), at(360)}};
  const WarningScore w = match_warnings(warnings, spells, at(0), from_to(0, 400));
  BOOST_TEST(w.right == 2U);
  BOOST_TEST(w.false_alarms == 1U);
  BOOST_TEST(w.hits == 2U);
  BOOST_TEST(w.misses == 1U);
  BOOST_TEST(w.late == 1U);
  BOOST_TEST((w.lead_minutes == std::vector<double>{45, -5}));
  BOOST_TEST(w.median_lead() == 20.0);
  BOOST_TEST(w.detection() == 2.0 / 3);
  BOOST_TEST(w.false_ratio() == 1.0 / 3);
}

BOOST_AUTO_TEST_CASE(a_warning_whose_time_is_not_known_throughout_is_not_judged) {
  const Spells unsure{{}, {from_to(40, 40)}};
  const std::vector<WarningSpan> one{{at(10), at(70)}};
  BOOST_TEST(match_warnings(one, unsure, at(0), from_to(0, 100)).unjudged == 1U);
  BOOST_TEST(match_warnings(one, Spells{}, at(0), from_to(0, 60)).unjudged == 1U);
  BOOST_TEST(match_warnings(one, Spells{}, at(0), from_to(0, 70)).false_alarms == 1U);
}

BOOST_AUTO_TEST_CASE(what_began_before_the_first_issue_nobody_could_warn_of) {
  const Spells spells{{from_to(60, 80)}, {}};
  const WarningScore w = match_warnings(std::vector<WarningSpan>{{at(60), at(90)}}, spells, at(60), from_to(0, 100));
  BOOST_TEST(w.right == 1U);
  BOOST_TEST(w.hits + w.misses == 0U);
  BOOST_TEST(std::isnan(w.median_lead()));
}

BOOST_AUTO_TEST_SUITE_END()
