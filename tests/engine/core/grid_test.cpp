#include "engine/core/grid.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(grid)

BOOST_AUTO_TEST_CASE(row_zero_is_north_and_positions_invert) {
  const Grid g("EPSG:4326", 100, 40, 0.5, 0.25, 20, 8);
  BOOST_TEST(g.y(0) == 40);
  BOOST_TEST(g.y(7) == 38.25);
  BOOST_TEST(g.row_of(g.y(3.25)) == 3.25);
  BOOST_TEST(g.column_of(g.x(7.5)) == 7.5);
  BOOST_TEST(g.is_latlon());
  BOOST_TEST(!g.wraps_in_x());
  BOOST_TEST(Grid("EPSG:4326", 0, 90, 0.25, 0.25, 1440, 721).wraps_in_x());
}

BOOST_AUTO_TEST_CASE(longitude_and_latitude_are_known_by_code_and_by_words_and_a_rotated_pole_is_not_the_pole) {
  const auto grid_of = [](const char* crs) { return Grid(crs, 100, 40, 0.5, 0.25, 20, 8); };
  for (const char* crs : {"EPSG:4490", "EPSG:4326", "OGC:CRS84", "+proj=longlat +datum=WGS84 +no_defs", "GEOGCS[\"WGS 84\",DATUM[]]"}) {
    BOOST_TEST(grid_of(crs).is_latlon(), crs);
    BOOST_TEST(grid_of(crs).is_in_degrees(), crs);
  }
  for (const char* crs : {"+proj=ob_tran +o_proj=longlat +o_lat_p=40 +lon_0=10 +R=6371229",
                          "GEOGCRS[\"rotated\",BASEGEOGCRS[\"WGS 84\"],DERIVINGCONVERSION[\"Pole rotation\"]]"}) {
    BOOST_TEST(!grid_of(crs).is_latlon(), crs);
    BOOST_TEST(grid_of(crs).is_in_degrees(), crs);
  }
  BOOST_TEST(!grid_of("EPSG:3857").is_in_degrees());
}

BOOST_AUTO_TEST_CASE(uneven_rows_invert_inside_and_outside) {
  const Grid g("EPSG:4326", 0, 1, 4, {60, 50, 45, 10});
  for (const double row : {-0.5, 0.0, 0.5, 1.5, 2.75, 3.4}) BOOST_TEST(g.row_of(g.y(row)) == row, boost::test_tools::tolerance(1e-12));
  BOOST_CHECK_THROW(Grid("EPSG:4326", 0, 1, 4, {10, 20}), Error);
}

BOOST_AUTO_TEST_CASE(equality_and_hash_see_every_part) {
  const Grid a("EPSG:4326", 100, 40, 0.5, 0.25, 20, 8);
  for (const Grid& b : {Grid("EPSG:3857", 100, 40, 0.5, 0.25, 20, 8), Grid("EPSG:4326", 101, 40, 0.5, 0.25, 20, 8),
                        Grid("EPSG:4326", 100, 41, 0.5, 0.25, 20, 8), Grid("EPSG:4326", 100, 40, 0.4, 0.25, 20, 8), Grid("EPSG:4326", 100, 40, 0.5, 0.2, 20, 8),
                        Grid("EPSG:4326", 100, 40, 0.5, 0.25, 21, 8), Grid("EPSG:4326", 100, 40, 0.5, 0.25, 20, 9)}) {
    BOOST_TEST(!(a == b));
    BOOST_TEST(a.hash() != b.hash());
  }
}

BOOST_AUTO_TEST_CASE(absurd_sizes_are_refused) {
  BOOST_CHECK_THROW(Grid("EPSG:4326", 0, 0, 1, 1, 0, 5), Error);
  BOOST_CHECK_THROW(Grid("EPSG:4326", 0, 0, 1, 1, 100000, 100000), Error);
  BOOST_CHECK_THROW(Grid("EPSG:4326", 0, 0, -1, 1, 5, 5), Error);
}

BOOST_AUTO_TEST_SUITE_END()
