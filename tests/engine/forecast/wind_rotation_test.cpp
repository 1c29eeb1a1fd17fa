#include "engine/forecast/wind_rotation.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "engine/regrid/crs_transform.h"

namespace guyu {
namespace {

constexpr double kRadian = std::numbers::pi / 180;

struct Turned {
  double longitude, latitude;  // of the cell
  float east, north;           // of one along y
  float x_east, x_north;       // of one along x
};

// What becomes of unit wind along each axis at the middle cell of three by three around a place given in the grid's own coordinates.
Turned turned(const std::string& crs, double x, double y, double spacing) {
  Field u(Grid(crs, x - spacing, y + spacing, spacing, spacing, 3, 3), {}), v = u.clone(), u2 = u.clone(), v2 = u.clone();
  for (std::size_t k = 0; k < 9; ++k) u.values()[k] = v2.values()[k] = 0, v.values()[k] = u2.values()[k] = 1;
  const WindRotation rotation(u.grid());
  rotation.apply(u.view(), v.view());
  rotation.apply(u2.view(), v2.view());
  CrsTransform(crs, "EPSG:4326").forward(&x, &y, 1, sizeof(double));
  return {x, y, u.view()(1, 1), v.view()(1, 1), u2.view()(1, 1), v2.view()(1, 1)};
}

// Both axes turned clockwise by `angle` from east and north.
void is_turned_by(const Turned& t, double angle) {
  BOOST_TEST_CONTEXT(t.longitude << " E " << t.latitude << " N") {
    BOOST_TEST(std::abs(static_cast<double>(t.east) - std::sin(angle)) < 2e-5);
    BOOST_TEST(std::abs(static_cast<double>(t.north) - std::cos(angle)) < 2e-5);
    BOOST_TEST(std::abs(static_cast<double>(t.x_east) - std::cos(angle)) < 2e-5);
    BOOST_TEST(std::abs(static_cast<double>(t.x_north) + std::sin(angle)) < 2e-5);
  }
}

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

// The grid's north of a rotated grid is the way along the great circle to its pole: its bearing by spherical trigonometry.
BOOST_AUTO_TEST_CASE(a_rotated_grid_s_north_points_along_the_great_circle_to_its_pole) {
  struct Pole {
    double longitude, latitude;
  };
  for (const Pole pole : {Pole{-162, 39.25}, Pole{65.305142, 36.08852}, Pole{0, 10}}) {
    const std::string crs = "+proj=ob_tran +o_proj=longlat +o_lat_p=" + std::to_string(pole.latitude) +
                            " +o_lon_p=0 +lon_0=" + std::to_string(pole.longitude + 180) + " +R=6371229 +to_meter=0.0174532925199433 +no_defs";
    // From the rotated equator to near both rotated poles; far enough west and east to lie beyond the date line and over the Earth's pole.
    for (const double y : {-89.5, -60.0, -12.0, 0.0, 12.0, 60.0, 89.5}) {
      for (const double x : {-175.0, -90.0, -20.0, 0.0, 3.0, 45.0, 170.0}) {
        const Turned t = turned(crs, x, y, 0.025);
        const double phi = t.latitude * kRadian, phi_p = pole.latitude * kRadian, d = (pole.longitude - t.longitude) * kRadian;
        is_turned_by(t, std::atan2(std::sin(d) * std::cos(phi_p), std::cos(phi) * std::sin(phi_p) - std::sin(phi) * std::cos(phi_p) * std::cos(d)));
      }
    }
  }
}

// x = rho sin(d), y = -rho cos(d) in the north, rho cos(d) in the south, d the longitude from the grid's orientation (Snyder 1987, eq. 21-5, 21-6).
BOOST_AUTO_TEST_CASE(a_polar_stereographic_grid_turns_by_the_longitude_from_its_orientation) {
  const std::string north = "+proj=stere +lat_0=90 +lat_ts=60 +lon_0=105 +R=6371229 +units=m +no_defs",
                    south = "+proj=stere +lat_0=-90 +lat_ts=-60 +lon_0=105 +R=6371229 +units=m +no_defs";
  for (const double d : {-179.0, -100.0, 0.0, 75.0, 80.0, 130.0}) {  // over the date line at 75
    const double x = 3e6 * std::sin(d * kRadian), y = 3e6 * std::cos(d * kRadian);
    is_turned_by(turned(north, x, -y, 10000), d * kRadian);
    is_turned_by(turned(south, x, y, 10000), -d * kRadian);
  }
}

BOOST_AUTO_TEST_CASE(a_cone_of_the_south_turns_the_other_way_and_a_mercator_grid_not_at_all) {
  const std::string south = "+proj=lcc +lat_1=-35 +lat_2=-35 +lat_0=-35 +lon_0=175 +R=6371229 +units=m +no_defs";
  for (const double east : {-1.5e6, 0.0, 1.2e6}) {  // 1.2e6 m lie beyond the date line
    const Turned t = turned(south, east, 3e5, 5000);
    is_turned_by(t, std::sin(-35 * kRadian) * std::remainder(t.longitude - 175, 360.0) * kRadian);
  }
  is_turned_by(turned("+proj=merc +lat_ts=20 +lon_0=0 +over +R=6371229 +units=m +no_defs", 2e7, -4e6, 25000), 0);
}

// East and north are those of the longitude that the pole is given; whichever it is, the speed stays and so does the right angle.
BOOST_AUTO_TEST_CASE(a_cell_on_the_pole_keeps_its_speed) {
  const Turned t = turned("+proj=stere +lat_0=90 +lat_ts=60 +lon_0=105 +R=6371229 +units=m +no_defs", 0, 0, 381000);
  BOOST_TEST(std::hypot(t.east, t.north) == 1, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(std::hypot(t.x_east, t.x_north) == 1, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(std::abs(t.east * t.x_east + t.north * t.x_north) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(a_row_on_the_pole_of_a_rotated_grid_is_missing_and_not_rounding) {
  const Turned t = turned("+proj=ob_tran +o_proj=longlat +o_lat_p=39.25 +o_lon_p=0 +lon_0=18 +R=6371229 +to_meter=0.0174532925199433 +no_defs", 30, 90, 0.1);
  BOOST_TEST((std::isnan(t.east) && std::isnan(t.north)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
