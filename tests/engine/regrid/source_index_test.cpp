#include "engine/regrid/source_index.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "tests/engine/regrid/grids.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(source_index)

BOOST_AUTO_TEST_CASE(a_patch_ends_at_its_outer_cell_edges) {
  const SourceIndex index(Grid(kLatLon, 100.5, 39.5, 1, 1, 10, 20));  // 100 to 110 E, 40 to 20 N
  BOOST_TEST(index.find(100.5, 39.5)->column == 0.0);
  BOOST_TEST(index.find(100, 40)->column == -0.5);
  BOOST_TEST(index.find(110, 20)->row == 19.5);
  BOOST_TEST(index.find(103.25, 30.5)->column == 2.75);
  for (const auto& [x, y] : {std::pair{99.9, 30.0}, {110.1, 30.0}, {105.0, 40.1}, {105.0, 19.9}}) BOOST_TEST(!index.find(x, y).has_value());
  BOOST_TEST(!index.wraps());
  BOOST_TEST(index.wrapped(12) == 12);
}

BOOST_AUTO_TEST_CASE(any_turn_of_a_longitude_is_the_same_place) {
  const SourceIndex patch(Grid(kLatLon, 170.5, 39.5, 1, 1, 20, 20)), round(globe(1, 0));
  for (const double turn : {-720.0, -360.0, 0.0, 360.0}) {
    BOOST_TEST(patch.find(185 + turn, 30)->column == 14.5, tt::tolerance(1e-12));
    BOOST_TEST(!patch.find(100 + turn, 30).has_value());
    BOOST_TEST(round.find(10.5 + turn, 0.5)->column == 10.0, tt::tolerance(1e-12));
  }
  BOOST_TEST(round.find(359.75, 0)->column == 359.25, tt::tolerance(1e-12));  // between the last column and the first
  BOOST_TEST(round.wraps());
  BOOST_TEST(round.wrapped(-1) == 359);
  BOOST_TEST(round.wrapped(360) == 0);
}

BOOST_AUTO_TEST_CASE(a_grid_round_the_globe_reaches_the_poles) {
  const SourceIndex index(Grid(kLatLon, 0, 2, 180, std::vector<double>{88, 84, 0, -85, -89}));
  const auto north = index.find(10, 90), south = index.find(10, -90);
  BOOST_REQUIRE((north && south));
  BOOST_TEST(index.beyond_last_row(north->row));
  BOOST_TEST(index.beyond_last_row(south->row));
  BOOST_TEST(!index.beyond_last_row(index.find(10, 88)->row));
  BOOST_TEST(index.across_pole(north->row) == 0.5, tt::tolerance(1e-12));                   // the pole is half-way to the other side
  BOOST_TEST(index.across_pole(index.find(10, 89)->row) == 0.25, tt::tolerance(1e-12));     // a degree of four
  BOOST_TEST(index.across_pole(index.find(10, -89.5)->row) == 0.25, tt::tolerance(1e-12));  // half a degree of two
  // A zone round the globe that ends at 60 N does not reach the pole.
  BOOST_TEST(!SourceIndex(Grid(kLatLon, 0.5, 59.5, 1, 1, 360, 30)).find(10, 75).has_value());
}

BOOST_AUTO_TEST_CASE(no_place_is_nowhere) {
  const SourceIndex index(globe(1, 0));
  constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {kInf, -kInf, kNan}) {
    BOOST_TEST(!index.find(bad, 0).has_value());
    BOOST_TEST(!index.find(0, bad).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
