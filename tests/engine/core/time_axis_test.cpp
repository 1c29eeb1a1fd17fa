#include "engine/core/time_axis.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
namespace {
TimePoint hour(int h) { return parse_time("2023-07-31T00:00Z") + std::chrono::hours{h}; }
Interval span(int a, int b) { return {hour(a), hour(b)}; }
}  // namespace
BOOST_AUTO_TEST_SUITE(time_axis)

BOOST_AUTO_TEST_CASE(intervals_are_open_at_their_begin_and_closed_at_their_end) {
  const TimeAxis axis(TimeKind::accumulation, {span(0, 1), span(1, 2), span(4, 6)});
  BOOST_TEST(!axis.at(hour(0)));
  BOOST_TEST(*axis.at(hour(1)) == 0U);
  BOOST_TEST(*axis.at(hour(1) + Seconds{1}) == 1U);
  BOOST_TEST(!axis.at(hour(3)));
  BOOST_TEST(!axis.at(hour(4)));
  BOOST_TEST(*axis.at(hour(6)) == 2U);
  BOOST_TEST(!axis.at(hour(7)));
  BOOST_TEST(*axis.find(span(4, 6)) == 2U);
  BOOST_TEST(!axis.find(span(5, 6)));
  BOOST_TEST(!axis.is_contiguous());
  BOOST_TEST(TimeAxis(TimeKind::mean, {span(0, 1), span(1, 2)}).is_contiguous());
}

BOOST_AUTO_TEST_CASE(amounts_since_the_start_of_a_forecast_are_an_axis_and_the_shortest_answers) {
  const TimeAxis axis(TimeKind::accumulation, {span(0, 3), span(0, 6), span(0, 9)});
  BOOST_TEST(*axis.at(hour(2)) == 0U);
  BOOST_TEST(*axis.at(hour(5)) == 1U);
  BOOST_TEST(!axis.is_contiguous());
}

BOOST_AUTO_TEST_CASE(instants_hold_only_themselves) {
  const TimeAxis axis(TimeKind::instant, {span(0, 0), span(6, 6)});
  BOOST_TEST(*axis.at(hour(6)) == 1U);
  BOOST_TEST(!axis.at(hour(3)));
}

BOOST_AUTO_TEST_CASE(disorder_and_mixtures_are_refused_with_the_step) {
  const auto names_second = [](const Error& e) { return e.reason().find("step 2") != std::string::npos; };
  for (const auto& [kind, second] : {std::pair{TimeKind::accumulation, span(0, 1)}, std::pair{TimeKind::accumulation, span(-1, 3)},
                                     std::pair{TimeKind::accumulation, span(2, 2)}, std::pair{TimeKind::accumulation, span(3, 2)}}) {
    BOOST_CHECK_EXCEPTION(TimeAxis(kind, {span(0, 1), second}), Error, names_second);
  }
  BOOST_CHECK_EXCEPTION(TimeAxis(TimeKind::instant, {span(0, 0), span(0, 1)}), Error, names_second);
}

BOOST_AUTO_TEST_CASE(beijing_days_run_from_eight_to_eight_and_twenty_to_twenty) {
  const LocalDay morning, evening{20};
  BOOST_TEST((morning.holding(hour(12)) == span(0, 24)));    // 08 Beijing is 00 UTC
  BOOST_TEST((morning.holding(hour(0)) == span(-24, 0)));    // the boundary ends a day
  BOOST_TEST((evening.holding(hour(12)) == span(-12, 12)));  // 20 Beijing is 12 UTC
  BOOST_TEST((evening.holding(hour(13)) == span(12, 36)));
  BOOST_TEST((LocalDay{0, Seconds{-5 * 3600}}.holding(hour(3)) == span(-19, 5)));
  const std::vector<Interval> days = evening.inside(span(0, 84));
  BOOST_TEST((days == std::vector<Interval>{span(12, 36), span(36, 60), span(60, 84)}));
  BOOST_TEST((morning.inside(span(0, 24)) == std::vector<Interval>{span(0, 24)}));
  BOOST_TEST(morning.inside(span(1, 47)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
