#include "engine/cycle/forecast_rain.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace guyu;

namespace {
const TimePoint kStart = parse_time("2024-07-01T00:00:00Z");
TimePoint hour(double h) { return kStart + Seconds(static_cast<long>(h * 3600)); }
RainSlot slot(double begin, double end, float mm, float coverage = 1) { return {{hour(begin), hour(end)}, {mm}, {coverage}, "run"}; }
const float kMissing = std::numeric_limits<float>::quiet_NaN();
}  // namespace

BOOST_AUTO_TEST_SUITE(forecast_rain)

BOOST_AUTO_TEST_CASE(totals_since_the_start_are_parted_into_steps_that_add_up_to_them) {
  const auto steps = part_forecast({slot(0, 3, 4), slot(0, 1, 1), slot(0, 6, 10)});
  BOOST_REQUIRE(steps.size() == 3U);
  double sum = 0;
  for (const RainSlot& s : steps) sum += double{s.amount_mm[0]};
  BOOST_TEST(steps[1].amount_mm[0] == 3.0F);
  BOOST_TEST((steps[1].interval == Interval{hour(1), hour(3)}));
  BOOST_TEST(sum == 10.0);
}

BOOST_AUTO_TEST_CASE(stated_steps_win_over_the_totals_that_hold_them) {
  const auto steps = part_forecast({slot(0, 1, 1), slot(1, 2, 5), slot(0, 2, 6), slot(2, 3, 2)});
  BOOST_REQUIRE(steps.size() == 3U);
  BOOST_TEST(steps[1].amount_mm[0] == 5.0F);
  BOOST_TEST(steps[2].amount_mm[0] == 2.0F);
}

BOOST_AUTO_TEST_CASE(a_small_fall_of_a_total_is_dry_and_a_large_one_is_unknown) {
  const auto rounding = part_forecast({slot(0, 1, 1.0F), slot(0, 2, 0.8F)});
  BOOST_TEST(rounding[1].amount_mm[0] == 0.0F);
  BOOST_TEST(rounding[1].coverage[0] == 1.0F);
  const auto wrong = part_forecast({slot(0, 1, 9), slot(0, 2, 2)});
  BOOST_TEST(std::isnan(wrong[1].amount_mm[0]));
  BOOST_TEST(wrong[1].coverage[0] == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_difference_with_a_missing_part_is_unknown_and_has_no_coverage) {
  const auto steps = part_forecast({slot(0, 1, kMissing, 0), slot(0, 2, 3)});
  BOOST_REQUIRE(steps.size() == 2U);
  BOOST_TEST(std::isnan(steps[1].amount_mm[0]));
  BOOST_TEST(steps[1].coverage[0] == 0.0F);
}

BOOST_AUTO_TEST_CASE(steps_come_back_in_order_and_never_overlap) {
  const auto steps = part_forecast({slot(3, 6, 3), slot(0, 6, 9), slot(0, 3, 4), slot(2, 4, 2)});
  for (std::size_t k = 1; k < steps.size(); ++k) BOOST_TEST((steps[k - 1].interval.end <= steps[k].interval.begin));
}

BOOST_AUTO_TEST_CASE(rain_over_an_interval_takes_its_share_of_each_step) {
  const std::vector<RainSlot> slots{slot(0, 2, 4), slot(2, 3, 6, 0.5F)};
  const RainOver all = rain_over(slots, {hour(1), hour(3)}, 0);
  BOOST_TEST(all.amount_mm == 8.0);
  BOOST_TEST(all.coverage == 0.75);
  const RainOver beyond = rain_over(slots, {hour(3), hour(4)}, 0);
  BOOST_TEST(beyond.coverage == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
