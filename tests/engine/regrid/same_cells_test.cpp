#include "engine/regrid/same_cells.h"

#include <boost/test/unit_test.hpp>

using namespace guyu;
namespace {
const char* const kKnmi = "+proj=stere +lat_0=90 +lon_0=0.0 +lat_ts=60.0 +a=6378137.000 +b=6356752.000 +x_0=0.000 +y_0=0.000";
const char* const kWritten =
    "+proj=stere +lat_0=90 +lat_ts=60 +lon_0=0 +x_0=0 +y_0=0 +a=6378137.000000 +b=6356752.000000 +units=m "
    "+no_defs";
}  // namespace
BOOST_AUTO_TEST_SUITE(same_cells_)

BOOST_AUTO_TEST_CASE(one_projection_in_two_spellings_is_one_place) {
  BOOST_TEST(same_cells(Grid(kKnmi, 500, -3650500, 1000, 1000, 700, 765), Grid(kWritten, 500, -3650500, 1000, 1000, 700, 765)));
}

BOOST_AUTO_TEST_CASE(another_place_spacing_shape_or_projection_is_not) {
  const Grid g(kKnmi, 500, -3650500, 1000, 1000, 700, 765);
  BOOST_TEST(!same_cells(g, Grid(kWritten, 600, -3650500, 1000, 1000, 700, 765)));
  BOOST_TEST(!same_cells(g, Grid(kWritten, 500, -3650500, 1001, 1000, 700, 765)));
  BOOST_TEST(!same_cells(g, Grid(kWritten, 500, -3650500, 1000, 1000, 699, 765)));
  BOOST_TEST(!same_cells(g, Grid("EPSG:4326", 500, 80, 0.01, 0.01, 700, 765)));
  BOOST_TEST(!same_cells(g, Grid("+proj=stere +lat_0=90 +lat_ts=60 +lon_0=1 +a=6378137 +b=6356752", 500, -3650500, 1000, 1000, 700, 765)));
}

BOOST_AUTO_TEST_SUITE_END()
