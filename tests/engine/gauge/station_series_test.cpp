#include "engine/gauge/station_series.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"

using namespace guyu;
namespace {
Interval minutes(int begin, int end) { return {TimePoint{} + Seconds(60 * begin), TimePoint{} + Seconds(60 * end)}; }
}  // namespace
BOOST_AUTO_TEST_SUITE(station_series)

BOOST_AUTO_TEST_CASE(amounts_add_up_where_their_intervals_fill_the_wanted_one) {
  StationSeries s{quantities::precipitation_amount(), TimeKind::accumulation, {{"a", "", 0, 0, 0}, {"b", "", 1, 1, 0}}, {}, {}};
  s.times = {minutes(0, 5), minutes(5, 10), minutes(10, 15), minutes(0, 20), minutes(15, 20)};
  s.values = {1, 2, 3, 50, 4, 1, NAN, 3, 50, 4};
  const StationSeries sum = accumulate(s, {minutes(0, 10), minutes(5, 20), minutes(0, 20), minutes(0, 25), minutes(3, 10)});
  BOOST_TEST(sum.at(0, 0) == 3.0F);
  BOOST_TEST(sum.at(0, 1) == 9.0F);
  BOOST_TEST(sum.at(0, 2) == 50.0F);  // the longest that fits, not its parts too
  BOOST_TEST(std::isnan(sum.at(0, 3)));
  BOOST_TEST(std::isnan(sum.at(0, 4)));
  BOOST_TEST(std::isnan(sum.at(1, 0)));
  s.kind = TimeKind::instant;
  BOOST_CHECK_THROW(accumulate(s, {minutes(0, 10)}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
