#include "engine/cells/cell_shape.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "tests/engine/cells/storm_case.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {

StormCell disc(double radius, double stretch) {
  Plane p(81, 161, 40);
  std::vector<CellRun> runs;
  for (std::int32_t j = 0; j < 81; ++j) {
    const double rest = radius * radius - (j - 40.0) * (j - 40.0);
    if (rest < 0) continue;
    const auto half = static_cast<std::int32_t>(stretch * std::sqrt(rest));
    runs.push_back({j, 80 - half, 81 + half});
  }
  return measure_cell(std::move(runs), p.view(), GridScale(test::kilometre_grid(81, 161)), CellIntensity::reflectivity);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cell_shape)

BOOST_AUTO_TEST_CASE(an_ellipse_has_its_own_axes) {
  const StormCell c = disc(15, 2);
  BOOST_TEST(c.ellipse.major_km == 30, tt::tolerance(0.03));
  BOOST_TEST(c.ellipse.minor_km == 15, tt::tolerance(0.03));
  BOOST_TEST(c.ellipse.direction_deg == 90, tt::tolerance(1e-6));
  BOOST_TEST(std::numbers::pi * c.ellipse.major_km * c.ellipse.minor_km == c.area_km2, tt::tolerance(1e-6));
  BOOST_TEST((c.ellipse.bounding >= 0.95 && c.ellipse.bounding < 1.1));
  BOOST_TEST((std::abs(c.centroid.row - 40) < 1e-9 && std::abs(c.centroid.column - 80) < 1e-9));
}

BOOST_AUTO_TEST_CASE(the_centroid_of_reflectivity_is_that_of_the_rain) {
  Plane p(1, 2, 0);
  p.row(0)[0] = 30, p.row(0)[1] = 46;  // 1.6 x 10 dB: ten times the rain by Z = 200 R^1.6
  const StormCell c = measure_cell({{0, 0, 2}}, p.view(), GridScale(test::kilometre_grid(1, 2)), CellIntensity::reflectivity);
  BOOST_TEST(c.centroid.column == 10.0 / 11, tt::tolerance(1e-4));
  BOOST_TEST(c.middle.column == 0.5);
  BOOST_TEST((c.maximum == 46 && c.mean == 38));
  const StormCell linear = measure_cell({{0, 0, 2}}, p.view(), GridScale(test::kilometre_grid(1, 2)), CellIntensity::linear);
  BOOST_TEST(linear.centroid.column == 46.0 / 76, tt::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(the_hull_of_points_holds_them_and_turns_clockwise) {
  const auto hull = convex_hull({{0, 0}, {0, 4}, {4, 4}, {4, 0}, {2, 2}, {1, 3}, {0, 2}});
  BOOST_REQUIRE(hull.size() == 4U);
  double twice = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const CellPlace &a = hull[k], &b = hull[(k + 1) % 4];
    twice += a.column * b.row - b.column * a.row;
  }
  BOOST_TEST(twice == 32);
}

BOOST_AUTO_TEST_SUITE_END()
