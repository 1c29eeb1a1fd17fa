#include "engine/downscale/slope_radiation.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

namespace guyu {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;

}  // namespace

BOOST_AUTO_TEST_SUITE(slope_radiation)

// Noon at Greenwich on the days of solstice: 90 - 51.48 +- 23.44 degrees.
BOOST_AUTO_TEST_CASE(the_sun_stands_where_the_almanac_says) {
  const SunPosition summer = sun_position(parse_time("2023-06-21T12:02:00Z"), 0, 51.48), winter = sun_position(parse_time("2023-12-22T11:58:00Z"), 0, 51.48);
  BOOST_TEST(summer.elevation * kDegrees == 61.96, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(winter.elevation * kDegrees == 15.08, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(summer.azimuth * kDegrees == 180, boost::test_tools::tolerance(1e-2));
  const SunPosition morning = sun_position(parse_time("2023-03-21T00:00:00Z"), 116.4, 39.9);  // 8 o'clock in Peking
  BOOST_TEST((morning.azimuth * kDegrees > 100 && morning.azimuth * kDegrees < 125));
  BOOST_TEST(sun_position(parse_time("2023-06-21T17:00:00Z"), 116.4, 39.9).elevation < 0);  // midnight there
}

BOOST_AUTO_TEST_CASE(flat_ground_changes_nothing_and_slopes_to_the_sun_gain) {
  const SunPosition sun = sun_position(parse_time("2023-03-21T04:00:00Z"), 116.4, 39.9);
  BOOST_TEST(radiation_on_slope(600, sun, 0, 0) == 600, boost::test_tools::tolerance(1e-9));
  const double south = radiation_on_slope(600, sun, 0.4, std::numbers::pi), north = radiation_on_slope(600, sun, 0.4, 0);
  BOOST_TEST(south > 650);
  BOOST_TEST(north < 500);
  BOOST_TEST(std::isnan(radiation_on_slope(std::nan(""), sun, 0.4, 0)));
}

BOOST_AUTO_TEST_CASE(under_thick_cloud_all_slopes_are_nearly_alike) {
  const SunPosition sun = sun_position(parse_time("2023-03-21T04:00:00Z"), 116.4, 39.9);
  BOOST_TEST(radiation_on_slope(60, sun, 0.3, std::numbers::pi) == radiation_on_slope(60, sun, 0.3, 0), boost::test_tools::tolerance(0.05));
}

BOOST_AUTO_TEST_CASE(a_plane_has_its_own_slope_and_faces_downhill) {
  const Grid grid("EPSG:32650", 500000, 4000000, 100, 100, 9, 9);
  Plane z(9, 9);
  for (std::int64_t j = 0; j < 9; ++j)
    for (std::int64_t i = 0; i < 9; ++i) z.row(j)[i] = static_cast<float>(10 * i);  // rises 10 m in 100 m to the east
  const SlopeAspect s = slope_and_aspect(z.view(), grid);
  BOOST_TEST(s.slope.row(4)[4] == std::atan(0.1F), boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(static_cast<double>(s.aspect.row(4)[4]) * kDegrees == 270, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(over_a_day_southern_slopes_gain_what_northern_ones_lose) {
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 116, 40, 0.01, 0.01, 3, 1);
  SlopeAspect ground{Plane(1, 3), Plane(1, 3)};
  ground.slope.values = {0, 0.3F, 0.3F};
  ground.aspect.values = {0, static_cast<float>(std::numbers::pi), 0};
  const Interval day{parse_time("2024-01-14T16:00:00Z"), parse_time("2024-01-15T16:00:00Z")};
  Plane integral(1, 3, 9e6F);  // J m-2: a clear winter's day
  radiation_on_terrain(integral.view(), day, true, grid, ground);
  BOOST_TEST(integral.values[0] == 9e6F);
  BOOST_TEST((integral.values[1] > 1.2F * 9e6F && integral.values[1] < 2.2F * 9e6F));
  BOOST_TEST(integral.values[2] < 0.8F * 9e6F);
  // The same as a mean flux.
  Plane flux(1, 3, 9e6F / 86400);
  radiation_on_terrain(flux.view(), day, false, grid, ground);
  BOOST_TEST(flux.values[1] * 86400 == integral.values[1], boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
