#include "engine/verify/sal.h"

#include <boost/test/unit_test.hpp>

#include "tests/engine/verify/reference.h"

using namespace guyu;
using test::Plane;
namespace {
Plane dry(std::int64_t ny, std::int64_t nx) { return {ny, nx, std::vector<float>(static_cast<std::size_t>(ny * nx), 0.0F)}; }
void block(Plane& p, std::int64_t j0, std::int64_t i0, std::int64_t side, float rain) {
  for (std::int64_t j = j0; j < j0 + side; ++j)
    for (std::int64_t i = i0; i < i0 + side; ++i) p.at(j, i) = rain;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(sal_)

BOOST_AUTO_TEST_CASE(a_perfect_forecast_is_zero_three_times) {
  const Plane p = test::rain(30, 40, 3);
  const Sal s = sal(p.view(), p.view());
  BOOST_TEST((s.structure == 0 && s.amplitude == 0 && s.location == 0));
}

// An object of 3 x 3 cells moved by three rows and four columns on a field whose diagonal is 50 cells: L = 5
// / 50.
BOOST_AUTO_TEST_CASE(a_move_shows_in_location_alone) {
  Plane f = dry(31, 41), o = f;
  block(o, 5, 5, 3, 2), block(f, 8, 9, 3, 2);
  const Sal s = sal(f.view(), o.view());
  BOOST_TEST(s.structure == 0.0);
  BOOST_TEST(s.amplitude == 0.0);
  BOOST_TEST(s.location == 0.1, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(three_times_the_rain_shows_in_amplitude_alone) {
  Plane f = dry(20, 20), o = f;
  block(o, 5, 5, 4, 2), block(f, 5, 5, 4, 6);
  const Sal s = sal(f.view(), o.view());
  BOOST_TEST(s.amplitude == 1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(s.structure == 0.0);
  BOOST_TEST(s.location == 0.0);
}

// Flat objects of 36 and 4 cells: V = 36 and 4; S = 2 x 32 / 40.
BOOST_AUTO_TEST_CASE(too_large_and_flat_gives_positive_structure) {
  Plane f = dry(30, 30), o = f;
  block(f, 10, 10, 6, 1), block(o, 12, 12, 2, 9);
  BOOST_TEST(sal(f.view(), o.view()).structure == 1.6, boost::test_tools::tolerance(1e-12));
}

// Two objects against one: centres agree, but the forecast's rain is scattered 6 cells about it: L = 2 x 6 /
// diagonal.
BOOST_AUTO_TEST_CASE(scattered_objects_about_the_same_centre_count_in_location) {
  Plane f = dry(31, 41), o = f;
  block(f, 14, 13, 3, 1), block(f, 14, 25, 3, 1), block(o, 14, 19, 3, 2);
  BOOST_TEST(sal(f.view(), o.view()).location == 12.0 / 50, boost::test_tools::tolerance(1e-12));
}

// A U whose arms meet late, and cells that touch at a corner, are one object each: V of one object is its
// number of cells.
BOOST_AUTO_TEST_CASE(cells_that_touch_are_one_object) {
  Plane u = dry(10, 10), whole = dry(10, 10);
  for (std::int64_t j = 2; j < 7; ++j) u.at(j, 2) = u.at(j, 6) = 1;
  for (std::int64_t i = 3; i < 6; ++i) u.at(7, i) = 1;  // joined at corners only
  for (std::int64_t k = 0; k < 13; ++k) whole.at(1 + k / 5, k % 5) = 1;
  BOOST_TEST(sal(u.view(), whole.view()).structure == 0.0);
}

BOOST_AUTO_TEST_CASE(without_rain_there_is_no_object) {
  Plane f = dry(10, 10), o = f;
  block(f, 2, 2, 2, 1);
  const Sal false_alarm = sal(f.view(), o.view());
  BOOST_TEST(false_alarm.amplitude == 2.0);
  BOOST_TEST(std::isnan(false_alarm.structure));
  BOOST_TEST(std::isnan(false_alarm.location));
  BOOST_TEST(std::isnan(sal(o.view(), o.view()).amplitude));
}

BOOST_AUTO_TEST_CASE(what_is_missing_in_either_is_outside_both) {
  Plane f = dry(10, 10), o = f;
  block(f, 2, 2, 2, 1), block(o, 2, 2, 2, 1);
  f.at(8, 8) = 100, o.at(8, 8) = NAN;
  BOOST_TEST(sal(f.view(), o.view()).amplitude == 0.0);
}

BOOST_AUTO_TEST_CASE(means_count_each_part_over_the_pairs_that_have_it) {
  SalSums s;
  s.add({0.5, -1, 0.1}), s.add({-0.5, 1, 0.3}), s.add({NAN, 2, NAN}), s.add({NAN, NAN, NAN});
  SalSums twice = s;
  twice += s;
  for (const SalSums& sums : {s, twice}) {
    BOOST_TEST(sums.mean().structure == 0.0);
    BOOST_TEST(sums.absolute().structure == 0.5);
    BOOST_TEST(sums.mean().amplitude == 2.0 / 3, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(sums.mean().location == 0.2, boost::test_tools::tolerance(1e-12));
  }
  BOOST_TEST(twice.without == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
