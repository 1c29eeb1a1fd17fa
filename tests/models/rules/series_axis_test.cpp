#include "models/rules/series_axis.h"

#include <boost/test/unit_test.hpp>

using namespace guyu;
namespace {
const TimePoint kZero = parse_time("2024-07-01T00:00:00Z");
TimePoint hours_on(int h) { return kZero + std::chrono::hours(h); }

HazardSeries steps_at(const std::vector<std::pair<int, int>>& hours, int observed_to) {
  HazardSeries s{quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, {}, {}};
  for (const auto& [begin, end] : hours)
    s.pieces.push_back({{hours_on(begin), hours_on(end)}, end <= observed_to ? Origin::observed : Origin::forecast, {0.0F}, {1.0F}, {}});
  return s;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(series_axis)

BOOST_AUTO_TEST_CASE(intervals_speak_for_themselves_and_gaps_for_nothing) {
  const HazardSeries s = steps_at({{-3, -2}, {-2, 0}, {1, 3}}, 0);
  const SeriesAxis axis(s, {hours_on(-2), hours_on(9)});
  BOOST_REQUIRE(axis.size() == 2U);  // what ends before the need begins is left out
  BOOST_TEST((axis.observed_to() == hours_on(0)));
  BOOST_TEST(axis.place(hours_on(-1)).piece == 0U);
  BOOST_TEST(axis.place(hours_on(-1)).part == 0.5);
  BOOST_TEST(axis.place(hours_on(1)).piece == 1U);
  BOOST_TEST(axis.place(hours_on(1)).part == 0.0);
  BOOST_TEST(axis.share_covered({hours_on(-2), hours_on(2)}) == 0.75);
  BOOST_TEST((axis.over({hours_on(0), hours_on(1)}) == std::pair<std::size_t, std::size_t>{1, 1}));
}

BOOST_AUTO_TEST_CASE(an_instant_speaks_for_the_time_since_the_one_before) {
  const HazardSeries s = steps_at({{1, 1}, {2, 2}, {3, 3}, {6, 6}, {7, 7}, {8, 8}}, 0);
  const SeriesAxis axis(s, {hours_on(0), hours_on(8)});
  BOOST_TEST((axis.span(0) == Interval{hours_on(0), hours_on(1)}));
  BOOST_TEST((axis.span(2) == Interval{hours_on(2), hours_on(3)}));
  BOOST_TEST((axis.span(3) == Interval{hours_on(5), hours_on(6)}));  // two steps are lacking
  BOOST_TEST(axis.share_covered({hours_on(0), hours_on(8)}) == 0.75);
  BOOST_TEST((axis.observed_to() == TimePoint::min()));
}

BOOST_AUTO_TEST_SUITE_END()
