#include "engine/regrid/cell_size.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(cell_size)

BOOST_AUTO_TEST_CASE(degrees_shrink_with_the_cosine_of_latitude) {
  const double equator = cell_size_km(Grid("EPSG:4326", 100, 0.5, 1, 1, 2, 2)), sixty = cell_size_km(Grid("EPSG:4326", 100, 60.5, 1, 1, 2, 2));
  BOOST_TEST(std::fabs(equator - 111.2) < 0.3);
  BOOST_TEST(std::fabs(sixty / equator - std::sqrt(0.5)) < 0.01);  // only one of the two sides shrinks
}

BOOST_AUTO_TEST_CASE(projected_grids_are_measured_on_the_ground) {
  const char* crs = "+proj=laea +lat_0=30 +lon_0=110 +units=m +ellps=WGS84 +no_defs";
  BOOST_TEST(std::fabs(cell_size_km(Grid(crs, -5000, 5000, 1000, 1000, 11, 11)) - 1) < 0.01);
  BOOST_TEST(std::fabs(cell_size_km(Grid("+proj=laea +lat_0=30 +lon_0=110 +units=km +ellps=WGS84 +no_defs", -5, 5, 2, 2, 1, 1)) - 2) < 0.02);
}

BOOST_AUTO_TEST_CASE(a_crs_that_nobody_knows_is_an_error) { BOOST_CHECK_THROW(cell_size_km(Grid("EPSG:1", 0, 0, 1, 1, 2, 2)), Error); }

BOOST_AUTO_TEST_SUITE_END()
