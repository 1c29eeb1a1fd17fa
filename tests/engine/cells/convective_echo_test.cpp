#include "engine/cells/convective_echo.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/engine/cells/storm_case.h"

using namespace guyu;
using guyu::test::kilometre_grid;
using guyu::test::kNaN;

BOOST_AUTO_TEST_SUITE(convective_echo)

BOOST_AUTO_TEST_CASE(peakedness_and_radius_are_those_of_the_paper) {
  BOOST_TEST(convective_excess_db(-5) == 10);
  BOOST_TEST(convective_excess_db(30) == 5);
  BOOST_TEST(convective_excess_db(43) == 0);
  BOOST_TEST(convective_radius_km(20) == 1);
  BOOST_TEST(convective_radius_km(37) == 4);
  BOOST_TEST(convective_radius_km(50) == 5);
}

BOOST_AUTO_TEST_CASE(a_peak_in_even_rain_is_convective_with_what_stands_near_it) {
  Plane in(61, 61, 20), out(61, 61);
  in.row(30)[30] = 36;  // background hardly above 20 dBZ: 1 km around
  in.row(5)[5] = kNaN, in.row(55)[5] = -10;
  const GridScale scale(kilometre_grid(61, 61));
  separate_convective(in.view(), scale, out.view());
  BOOST_TEST(out.row(30)[30] == kConvective);
  BOOST_TEST(std::count(out.values.begin(), out.values.end(), kConvective) <= 5);
  BOOST_TEST(out.row(30)[33] == kStratiform);
  BOOST_TEST(std::isnan(out.row(5)[5]));
  BOOST_TEST(out.row(55)[5] == kNoEcho);
}

BOOST_AUTO_TEST_CASE(heavy_echo_is_convective_whatever_stands_around) {
  Plane in(61, 61, 41), out(61, 61);
  separate_convective(in.view(), GridScale(kilometre_grid(61, 61)), out.view());
  BOOST_TEST(std::all_of(out.values.begin(), out.values.end(), [](float v) { return v == kConvective; }));
}

BOOST_AUTO_TEST_CASE(an_output_of_another_shape_is_an_error) {
  Plane in(5, 5, 20), out(5, 6);
  BOOST_CHECK_THROW(separate_convective(in.view(), GridScale(kilometre_grid(5, 5)), out.view()), Error);
}

BOOST_AUTO_TEST_SUITE_END()
