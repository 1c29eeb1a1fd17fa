#include "cli/run/join_rain.h"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace guyu;
using namespace guyu::cli;

namespace {
const TimePoint kIssue = parse_time("2024-07-01T03:00:00Z");
TimePoint issue_minute(int m) { return kIssue + Seconds(60 * m); }
RainSlot slot(int begin, int end, float mm, float coverage = 1) { return {{issue_minute(begin), issue_minute(end)}, {mm}, {coverage}, ""}; }
const float kMissing = std::numeric_limits<float>::quiet_NaN();
}  // namespace

BOOST_AUTO_TEST_SUITE(join_rain_suite)

BOOST_AUTO_TEST_CASE(observed_then_extrapolated_then_forecast_without_overlap) {
  const RainSources sources{{slot(-10, -5, 1), slot(-5, 0, 2)}, {{slot(0, 5, 3), {}}, {slot(5, 10, 4), {}}}, {slot(-60, 60, 120)}, {}, Seconds(3600)};
  const HazardSeries rain = join_rain(kIssue, 1, sources);
  BOOST_REQUIRE(rain.pieces.size() == 5U);
  for (std::size_t k = 1; k < rain.pieces.size(); ++k) BOOST_TEST((rain.pieces[k - 1].interval.end <= rain.pieces[k].interval.begin));
  BOOST_TEST((rain.pieces[0].origin == Origin::observed));
  BOOST_TEST((rain.pieces[2].origin == Origin::extrapolated));
  BOOST_TEST((rain.pieces[4].origin == Origin::forecast));
  BOOST_TEST((rain.pieces[4].interval == Interval{issue_minute(10), issue_minute(60)}));
  BOOST_TEST(rain.pieces[4].values[0] == 50.0F);  // an even rain of 1 mm a issue_minute
  BOOST_TEST((rain.observed_to.value() == kIssue));
}

BOOST_AUTO_TEST_CASE(what_an_extrapolated_step_cannot_see_is_filled_by_the_forecast) {
  const RainSources sources{{slot(-5, 0, 0)}, {{slot(0, 10, 8, 0.5F), {}}, {slot(10, 20, kMissing, 0), {}}}, {slot(0, 60, 12)}, {}, Seconds(3600)};
  const HazardSeries rain = join_rain(kIssue, 1, sources);
  BOOST_TEST(rain.pieces[1].values[0] == 5.0F);  // half seen 8, half forecast 2
  BOOST_TEST(rain.pieces[1].coverage[0] == 1.0F);
  BOOST_TEST(rain.pieces[2].values[0] == 2.0F);
  BOOST_TEST(rain.pieces[2].coverage[0] == 1.0F);
}

BOOST_AUTO_TEST_CASE(each_member_keeps_its_own_rain_and_shares_the_forecast) {
  RainOutlook ahead{slot(0, 10, 8, 0.5F), {{4}, {12}}};
  const HazardSeries rain = join_rain(kIssue, 1, {{slot(-5, 0, 1)}, {ahead}, {slot(0, 60, 12)}, {}, Seconds(3600)});
  BOOST_REQUIRE(rain.pieces[1].members.size() == 2U);
  BOOST_REQUIRE(rain.pieces.size() == 3U);
  BOOST_TEST(rain.pieces[0].of(1)[0] == 1.0F);
  BOOST_TEST(rain.pieces[1].of(0)[0] == 3.0F);  // half seen 4, half forecast 2
  BOOST_TEST(rain.pieces[1].of(1)[0] == 7.0F);
  BOOST_TEST(rain.pieces[2].of(0)[0] == rain.pieces[2].of(1)[0]);
}

BOOST_AUTO_TEST_CASE(without_forecast_the_unseen_stays_unknown) {
  const HazardSeries rain = join_rain(kIssue, 1, {{}, {{slot(0, 5, kMissing, 0), {}}}, {}, {}, Seconds(3600)});
  BOOST_REQUIRE(rain.pieces.size() == 1U);
  BOOST_TEST(rain.pieces[0].coverage[0] == 0.0F);
  BOOST_TEST(!rain.observed_to.has_value());
}

BOOST_AUTO_TEST_CASE(without_radar_the_forecast_follows_the_newest_observation) {
  const HazardSeries rain = join_rain(kIssue, 1, {{slot(-30, -20, 1)}, {}, {slot(-60, 60, 120)}, {}, Seconds(3600)});
  BOOST_REQUIRE(rain.pieces.size() == 2U);
  BOOST_TEST((rain.pieces[1].interval == Interval{issue_minute(-20), issue_minute(60)}));
  BOOST_TEST((rain.pieces[1].origin == Origin::forecast));
}

BOOST_AUTO_TEST_CASE(rain_before_the_start_of_an_archive_counts_as_none_only_where_nothing_was_observed) {
  const RainSources sources{{slot(-10, 0, 5)}, {}, {}, issue_minute(-5), Seconds(3600)};
  const HazardSeries rain = join_rain(kIssue, 1, sources);
  BOOST_REQUIRE(rain.pieces.size() == 2U);
  BOOST_TEST((rain.pieces[0].interval == Interval{issue_minute(-60), issue_minute(-10)}));
  BOOST_TEST(rain.pieces[0].values[0] == 0.0F);
  BOOST_TEST(rain.pieces[1].values[0] == 5.0F);
}

BOOST_AUTO_TEST_CASE(observations_older_than_the_history_and_later_than_the_issue_are_left_out) {
  const HazardSeries rain = join_rain(kIssue, 1, {{slot(-90, -61, 7), slot(-5, 0, 1), slot(0, 5, 9)}, {}, {}, {}, Seconds(3600)});
  BOOST_REQUIRE(rain.pieces.size() == 1U);
  BOOST_TEST(rain.pieces[0].values[0] == 1.0F);
}

BOOST_AUTO_TEST_SUITE_END()
