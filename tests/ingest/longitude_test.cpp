#include "ingest/longitude.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <vector>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(longitude)

BOOST_AUTO_TEST_CASE(longitudes_become_signed) {
  const auto moved = [](double first, double step, std::int64_t nx) {
    LongitudeAxis a{first, step};
    std::vector<float> v(static_cast<std::size_t>(nx));
    for (std::int64_t i = 0; i < nx; ++i) v[static_cast<std::size_t>(i)] = static_cast<float>(first + step * static_cast<double>(i));
    to_signed_longitudes(a, 1, nx, v);
    for (std::int64_t i = 0; i < nx; ++i) {  // each value still stands at its own longitude
      const double turn = (a.first + a.step * static_cast<double>(i) - static_cast<double>(v[static_cast<std::size_t>(i)])) / 360;
      BOOST_TEST(std::abs(turn - std::round(turn)) < 1e-5);
    }
    return a.first;
  };
  BOOST_TEST(moved(0, 1, 360) == -180.0);
  BOOST_TEST(moved(0.25, 0.5, 720) == -179.75);
  BOOST_TEST(moved(-180, 0.25, 1440) == -180.0);
  BOOST_TEST(moved(230, 1, 60) == -130.0);
  BOOST_TEST(moved(350, 1, 30) == -10.0);
  BOOST_TEST(moved(170, 1, 20) == 170.0);  // crosses the antimeridian
  BOOST_TEST(moved(70, 1, 70) == 70.0);
}

BOOST_AUTO_TEST_CASE(every_row_turns_with_its_own_values) {
  LongitudeAxis axis{0, 90};
  std::vector<float> v(8);
  std::iota(v.begin(), v.end(), 0.0F);
  to_signed_longitudes(axis, 2, 4, v);
  BOOST_TEST(axis.first == -180.0);
  BOOST_TEST(v == std::vector<float>({2, 3, 0, 1, 6, 7, 4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
