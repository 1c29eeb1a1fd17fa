#include "engine/cells/grid_scale.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "tests/engine/cells/storm_case.h"

using namespace guyu;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(grid_scale)

BOOST_AUTO_TEST_CASE(sides_on_a_longitude_latitude_grid_are_those_of_the_sphere) {
  const GridScale s(Grid("EPSG:4326", 100, 60, 0.01, 0.01, 10, 6001));  // row 0 at 60 N, row 6000 on the equator
  const double degree = 6371 * std::acos(-1.0) / 180;                   // 111.19 km
  BOOST_TEST(s.dy_km() == 0.01 * degree, tt::tolerance(1e-9));
  BOOST_TEST(s.dx_km(0) == 0.005 * degree, tt::tolerance(1e-9));
  BOOST_TEST(s.dx_km(6000) == 0.01 * degree, tt::tolerance(1e-9));
  BOOST_TEST(s.area_km2(6000) == 1e-4 * degree * degree, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_projected_grid_has_one_scale) {
  const GridScale s(test::kilometre_grid(40, 60));
  BOOST_TEST(s.dx_km(0) == 1, tt::tolerance(2e-3));
  BOOST_TEST(s.dx_km(0) == s.dx_km(39));
  BOOST_TEST(s.length_km(20, 3, 4) == 5, tt::tolerance(2e-3));
}

BOOST_AUTO_TEST_CASE(directions_turn_clockwise_from_north_and_rows_run_south) {
  const GridScale s(test::kilometre_grid(40, 60));
  BOOST_TEST(s.direction_deg(20, -1, 0) == 0);
  BOOST_TEST(s.direction_deg(20, 0, 1) == 90, tt::tolerance(1e-9));
  BOOST_TEST(s.direction_deg(20, 1, 0) == 180, tt::tolerance(1e-9));
  BOOST_TEST(s.direction_deg(20, 0, -1) == 270, tt::tolerance(1e-9));
  BOOST_TEST(s.direction_deg(20, 0, 0) == 0);
}

BOOST_AUTO_TEST_CASE(places_off_the_grid_have_the_scale_of_its_edge) {
  const GridScale s(Grid("EPSG:4326", 100, 40, 0.1, 0.1, 10, 10));
  BOOST_TEST(s.dx_km(-5) == s.dx_km(0));
  BOOST_TEST(s.dx_km(50) == s.dx_km(9));
}

BOOST_AUTO_TEST_SUITE_END()
