#include "engine/forecast/wind_rotation.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

namespace guyu {
namespace {

const char* kLambert = "+proj=lcc +lat_1=25 +lat_2=25 +lat_0=25 +lon_0=-95 +R=6371229 +units=m +no_defs";

}  // namespace

BOOST_AUTO_TEST_SUITE(wind_rotation)

BOOST_AUTO_TEST_CASE(on_the_central_meridian_nothing_turns) {
  Field u(Grid(kLambert, -1000, 1000, 1000, 1000, 3, 3), {}), v = u.clone();
  for (float& x : u.values()) x = 3;
  for (float& x : v.values()) x = 4;
  WindRotation(u.grid()).apply(u.view(), v.view());
  BOOST_TEST(u.view()(1, 1) == 3, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(v.view()(1, 1) == 4, boost::test_tools::tolerance(1e-5F));
}

// Of a conformal cone the axes turn by sin(standard parallel) times the longitude from its central meridian (Snyder 1987, eq. 15-3).
BOOST_AUTO_TEST_CASE(the_turn_of_a_cone_is_its_constant_times_the_longitude) {
  const double k = std::numbers::pi / 180;
  // 10 degrees east of the central meridian at 40 N, by Snyder's formulas for one standard parallel.
  const double n = std::sin(25 * k), f = std::cos(25 * k) * std::pow(std::tan((45 + 12.5) * k), n) / n, radius = 6371229;
  const double rho = radius * f / std::pow(std::tan((45 + 20) * k), n), rho0 = radius * f / std::pow(std::tan((45 + 12.5) * k), n);
  const double x = rho * std::sin(n * 10 * k), y = rho0 - rho * std::cos(n * 10 * k);
  Field u(Grid(kLambert, x, y, 1000, 1000, 1, 1), {}), v = u.clone();
  u.values()[0] = 0;
  v.values()[0] = 1;  // along the grid's y
  WindRotation(u.grid()).apply(u.view(), v.view());
  BOOST_TEST(static_cast<double>(u.values()[0]) == std::sin(-n * 10 * k) * -1, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(static_cast<double>(v.values()[0]) == std::cos(n * 10 * k), boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(speed_is_kept_and_longitude_latitude_grids_are_left_alone) {
  Field u(Grid(kLambert, -2e6, 2e6, 4e5, 4e5, 11, 9), {}), v = u.clone();
  for (std::size_t i = 0; i < u.values().size(); ++i) u.values()[i] = 7, v.values()[i] = -2;
  WindRotation(u.grid()).apply(u.view(), v.view());
  for (std::size_t i = 0; i < u.values().size(); ++i)
    BOOST_TEST(std::hypot(u.values()[i], v.values()[i]) == std::hypot(7.0F, 2.0F), boost::test_tools::tolerance(1e-4F));
  BOOST_TEST(WindRotation(Grid("EPSG:4326", 0, 10, 1, 1, 5, 5)).is_identity());
}

BOOST_AUTO_TEST_CASE(missing_in_one_component_is_missing_in_both) {
  Field u(Grid(kLambert, 5e5, 0, 1000, 1000, 1, 1), {}), v = u.clone();
  u.values()[0] = 1;
  v.values()[0] = std::nanf("");
  WindRotation(u.grid()).apply(u.view(), v.view());
  BOOST_TEST((std::isnan(u.values()[0]) && std::isnan(v.values()[0])));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
