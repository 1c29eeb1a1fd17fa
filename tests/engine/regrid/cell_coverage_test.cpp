#include "engine/regrid/cell_coverage.h"

#include <boost/test/unit_test.hpp>
#include <map>
#include <numbers>
#include <numeric>

#include "tests/engine/regrid/grids.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
namespace {

using Shares = std::map<std::pair<std::int64_t, std::int64_t>, double>;  // by row and column

// Rings in columns and rows from the top left corner of a planar grid of unit cells.
const Grid kUnit("EPSG:32650", 0.5, 3.5, 1, 1, 5, 4);  // x 0 to 5, y 4 to 0
std::vector<PlanePoint> ring(const CellPlane& plane, const std::vector<std::pair<double, double>>& xy) {
  std::vector<PlanePoint> out;
  for (const auto& [x, y] : xy) out.push_back({plane.column(x), plane.measure(y)});
  out.push_back(out.front());
  return out;
}

Shares shares_of(const CoverageWindow& window) {
  Shares out;
  window.shares([&](std::int64_t row, std::int64_t column, double share) { out[{row, column}] = share; });
  return out;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(cell_coverage)

BOOST_AUTO_TEST_CASE(rows_of_the_globe_add_up_to_the_ellipsoid) {
  // Surface of WGS 84: 510 065 621.724 km2 (Moritz 2000, Geodetic Reference System 1980, to the digits that both share).
  const CellPlane plane(globe(1, -180));
  double area = 0;
  for (std::int64_t j = 0; j < 180; ++j) area += 360 * plane.row_area(j);
  BOOST_TEST(area == 510065621724000.0, tt::tolerance(1e-9));
  BOOST_TEST(plane.row_area(0) == plane.row_area(179), tt::tolerance(1e-12));
  BOOST_TEST(plane.period() == 360.0);
  BOOST_TEST(CellPlane(kUnit).period() == 0.0);
}

BOOST_AUTO_TEST_CASE(uneven_rows_round_the_globe_reach_the_poles) {
  const CellPlane plane(Grid(kLatLon, -175, 10, 36, std::vector<double>{80, 50, 10, -30, -75}));
  double area = 0;
  for (std::int64_t j = 0; j < 5; ++j) area += 36 * plane.row_area(j);
  BOOST_TEST(area == 510065621724000.0, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_place_is_in_the_row_whose_half_open_span_holds_it) {
  const CellPlane plane(kUnit);
  BOOST_TEST(plane.row_of(plane.measure(3.5)) == 0);
  BOOST_TEST(plane.row_of(plane.measure(3.0)) == 1);  // an edge belongs to the row south of it
  BOOST_TEST(plane.row_of(plane.measure(0.01)) == 3);
  BOOST_TEST(plane.row_of(plane.measure(4.5)) == -1);
  BOOST_TEST(plane.row_of(plane.measure(-0.5)) == 4);
}

BOOST_AUTO_TEST_CASE(a_triangle_covers_what_geometry_says) {
  const CellPlane plane(kUnit);
  const auto triangle = ring(plane, {{1, 1}, {3, 1}, {1, 3}});  // the half of a square of two cells' side
  BOOST_TEST(signed_area(triangle) == 2.0);
  CoverageWindow window(plane);
  BOOST_REQUIRE(window.reset_to(1, 3, 1, 3));
  window.add_ring(triangle, 1);
  const Shares s = shares_of(window);
  BOOST_TEST(s.size() == 3U);
  BOOST_TEST(s.at({2, 1}) == 1.0);
  BOOST_TEST(s.at({1, 1}) == 0.5);
  BOOST_TEST(s.at({2, 2}) == 0.5);
}

BOOST_AUTO_TEST_CASE(holes_close_what_outlines_open) {
  const CellPlane plane(kUnit);
  CoverageWindow window(plane);
  BOOST_REQUIRE(window.reset_to(0, 5, 0, 4));
  window.add_ring(ring(plane, {{0, 0}, {5, 0}, {5, 4}, {0, 4}}), 1);
  window.add_ring(ring(plane, {{1.5, 1.25}, {2.5, 1.25}, {2.5, 1.75}, {1.5, 1.75}}), -1);
  const Shares s = shares_of(window);
  BOOST_TEST(s.size() == 20U);
  BOOST_TEST(s.at({2, 1}) == 0.75, tt::tolerance(1e-12));
  BOOST_TEST(s.at({2, 2}) == 0.75, tt::tolerance(1e-12));
  BOOST_TEST(s.at({0, 0}) == 1.0, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(what_lies_beyond_the_grid_is_cut_and_a_shift_moves_it_in) {
  const CellPlane plane(kUnit);
  const auto square = ring(plane, {{-2, -1}, {1.5, -1}, {1.5, 5}, {-2, 5}});
  CoverageWindow window(plane);
  BOOST_REQUIRE(window.reset_to(-2, 1.5, -1, 5));
  window.add_ring(square, 1);
  const Shares cut = shares_of(window);
  BOOST_TEST(cut.size() == 8U);  // two columns of four rows
  for (std::int64_t j = 0; j < 4; ++j) {
    BOOST_TEST(cut.at({j, 0}) == 1.0, tt::tolerance(1e-12));
    BOOST_TEST(cut.at({j, 1}) == 0.5, tt::tolerance(1e-12));
  }
  BOOST_REQUIRE(window.reset_to(1, 4.5, -1, 5));
  window.add_ring(square, 1, 3);
  BOOST_TEST(shares_of(window).at({0, 4}) == 0.5, tt::tolerance(1e-12));
  BOOST_TEST(!window.reset_to(5.5, 7, 0, 4));
  BOOST_TEST(!window.reset_to(0, 5, -3, -1));
  BOOST_TEST(shares_of(window).empty());
}

BOOST_AUTO_TEST_CASE(any_star_keeps_its_area_whatever_way_it_turns) {
  const CellPlane plane(Grid(kLatLon, 100.05, 39.95, 0.1, 0.1, 100, 100));
  for (int points = 3; points < 40; points += 4) {
    std::vector<std::pair<double, double>> xy;
    for (int k = 0; k < points; ++k) {
      const double angle = 2 * std::numbers::pi * k / points, r = 2 + 1.5 * std::sin(7.0 * k);
      xy.emplace_back(105 + r * std::cos(angle), 35 + r * std::sin(angle));
    }
    auto star = ring(plane, xy);
    const double area = signed_area(star);
    BOOST_TEST(area > 0);
    for (const double sign : {1.0, -1.0}) {
      CoverageWindow window(plane);
      BOOST_REQUIRE(window.reset_to(0, 100, plane.edges().back(), plane.edges().front()));
      window.add_ring(star, sign);
      double covered = 0;
      window.shares([&](std::int64_t row, std::int64_t, double share) {
        BOOST_TEST_REQUIRE(share > 0);
        BOOST_TEST_REQUIRE(share < 1 + 1e-9);
        covered += share * plane.row_area(row);
      });
      BOOST_TEST(covered == area, tt::tolerance(1e-10));
      std::reverse(star.begin(), star.end());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
