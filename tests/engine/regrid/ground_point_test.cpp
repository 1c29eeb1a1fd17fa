#include "engine/regrid/ground_point.h"

#include <boost/test/unit_test.hpp>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(ground_point_)

BOOST_AUTO_TEST_CASE(a_degree_of_latitude_is_a_hundred_and_eleven_kilometres_everywhere) {
  for (const double lon : {-170.0, 0.0, 113.5})
    BOOST_TEST(distance_km(ground_point(lon, 30), ground_point(lon, 31)) == 111.19, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(distance_km(ground_point(179.9, 0), ground_point(-179.9, 0)) == 0.2 * 111.19, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(the_cells_of_projected_and_degree_grids_lie_as_far_apart_as_they_do) {
  std::vector<GroundPoint> row;
  GridGround(Grid("EPSG:4326", 114, 30, 0.01, 0.01, 5, 5)).row(0, 1, 5, row);
  BOOST_REQUIRE(row.size() == 4U);
  BOOST_TEST(distance_km(row[0], row[1]) == 0.963, boost::test_tools::tolerance(1e-3));  // 111.19 km x 0.01 x cos 30
  GridGround(Grid("EPSG:32650", 500000, 3300000, 1000, 1000, 5, 5)).row(2, 0, 5, row);
  BOOST_TEST(distance_km(row[0], row[4]) == 4.0, boost::test_tools::tolerance(5e-3));
}

BOOST_AUTO_TEST_SUITE_END()
