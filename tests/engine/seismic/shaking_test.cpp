#include "engine/seismic/shaking.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "engine/core/error.h"

namespace guyu {
namespace {

Earthquake event(double magnitude) {
  Earthquake e;
  e.longitude = 104, e.latitude = 31, e.magnitude = magnitude;
  return e;
}
bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

}  // namespace

BOOST_AUTO_TEST_SUITE(shaking)

BOOST_AUTO_TEST_CASE(both_axes_of_each_relation_agree_at_the_epicentre) {
  for (const IntensityAttenuation& a : intensity_attenuations())
    for (const double m : {5.0, 6.5, 8.0}) BOOST_TEST(near(a.along.intensity(m, 0), a.across.intensity(m, 0), 0.02), a.name);
}

BOOST_AUTO_TEST_CASE(intensities_are_those_made_by_hand) {
  const IntensityAttenuation& west = intensity_attenuation("wang2000_west");
  // M 8 at 74 km along the rupture: 5.253 + 11.184 - 4.164 lg 100 = 8.109; across at 92 km: 2.019 + 11.184 - 2.943 lg 100 = 7.317.
  BOOST_TEST(near(intensity_at(west, event(8), 74, 0), 8.109, 1e-6));
  BOOST_TEST(near(intensity_at(west, event(8), 74, 180), 8.109, 1e-6));
  BOOST_TEST(near(intensity_at(west, event(8), 92, 90), 7.317, 1e-6));
  BOOST_TEST(near(intensity_at(intensity_attenuation("wang2000_east"), event(6), 0, 0), 5.019 + 8.676 - 4.136 * std::log10(24.0), 0.02));
  BOOST_TEST(near(peak_acceleration_m_s2(6.59), 1, 1e-12));
  BOOST_TEST((usual_attenuation(event(6)).name == "wang2000_west"));
  BOOST_CHECK_THROW(intensity_attenuation("wang"), Error);
}

BOOST_AUTO_TEST_CASE(without_a_direction_the_answer_lies_between_the_axes) {
  const IntensityAttenuation& a = intensity_attenuation("wang2000_west");
  for (const double km : {5.0, 40.0, 200.0}) {
    const double along = intensity_at(a, event(7), km, 0), across = intensity_at(a, event(7), km, 90), none = intensity_at(a, event(7), km, std::nan(""));
    BOOST_TEST((across < none && none < along));
    BOOST_TEST(intensity_at(a, event(7), km, 30) < along);
  }
}

BOOST_AUTO_TEST_CASE(no_relation_shakes_more_across_than_along_however_far) {
  for (const IntensityAttenuation& a : intensity_attenuations())
    for (double km = 1; km < 3000; km *= 1.3) BOOST_TEST_REQUIRE(intensity_at(a, event(8), km, 90) <= intensity_at(a, event(8), km, 0) + 0.02, a.name);
}

BOOST_AUTO_TEST_CASE(farther_deeper_and_weaker_never_shake_more) {
  const IntensityAttenuation& a = intensity_attenuation("wang2000_east");
  double before = 20;
  for (double km = 0; km < 500; km += 5) {
    const double here = intensity_at(a, event(6.5), km, std::nan(""));
    BOOST_TEST_REQUIRE(here <= before);
    BOOST_TEST_REQUIRE(intensity_at(a, event(6), km, std::nan("")) <= here);
    Earthquake deep = event(6.5);
    deep.depth_km = 10;
    BOOST_TEST_REQUIRE(near(intensity_at(a, deep, km, std::nan("")), here, 1e-9));
    deep.depth_km = 80;
    BOOST_TEST_REQUIRE(intensity_at(a, deep, km, std::nan("")) <= here);
    before = here;
  }
  BOOST_TEST(intensity_at(a, event(3), 400, std::nan("")) == 1);
  BOOST_TEST(std::isnan(intensity_at(a, event(std::nan("")), 10, 0)));
}

BOOST_AUTO_TEST_CASE(distance_and_direction_on_the_sphere) {
  const Earthquake e = event(6);
  BOOST_TEST(near(from_epicentre(e, 104, 32).km, 111.195, 1e-2));
  BOOST_TEST(near(from_epicentre(e, 104, 32).azimuth, 0, 1e-9));
  BOOST_TEST(near(from_epicentre(e, 104.01, 31).azimuth, 90, 0.01));
}

BOOST_AUTO_TEST_CASE(regions_feel_the_most_where_the_epicentre_is) {
  RegionSet set{"EPSG:4326", {}, {}};
  const auto square = [](double x, double y) { return MultiPolygon{{{{x, y}, {x + 0.2, y}, {x + 0.2, y + 0.2}, {x, y + 0.2}, {x, y}}, {}}}; };
  set.regions = {{"1", "here", "", square(103.95, 30.95)}, {"2", "there", "", square(105, 31)}, {"3", "nowhere", "", {}}};
  const IntensityAttenuation& a = intensity_attenuation("wang2000_west");
  const auto felt = shaking_of_regions(a, event(6), set);
  BOOST_TEST(near(static_cast<double>(felt[0].highest_intensity), intensity_at(a, event(6), 0, 0), 1e-5));
  BOOST_TEST(felt[0].intensity < felt[0].highest_intensity);
  BOOST_TEST(felt[1].highest_intensity < felt[0].intensity);
  BOOST_TEST(near(static_cast<double>(felt[1].distance_km), from_epicentre(event(6), 105.1, 31.1).km, 1e-3));
  BOOST_TEST(std::isnan(felt[2].intensity));
}

BOOST_AUTO_TEST_CASE(a_long_edge_feels_what_passes_between_its_corners) {
  // The western edge passes the epicentre at 0.02 degrees, 1.9 km; its corners are 111 km away.
  RegionSet set{"EPSG:4326", {{"1", "large", "", {{{{104.02, 30}, {105, 30}, {105, 32}, {104.02, 32}, {104.02, 30}}, {}}}}}, {}};
  const IntensityAttenuation& a = intensity_attenuation("wang2000_west");
  const double near_by = intensity_at(a, event(6), 1.9, std::nan("")), corner = intensity_at(a, event(6), 111, std::nan(""));
  const float felt = shaking_of_regions(a, event(6), set)[0].highest_intensity;
  BOOST_TEST(corner < near_by - 2);
  BOOST_TEST(std::abs(static_cast<double>(felt) - near_by) < 0.1, felt << " of " << near_by);
}

BOOST_AUTO_TEST_CASE(a_known_rupture_shakes_along_its_whole_length) {
  const IntensityAttenuation& west = intensity_attenuation("wang2000_west");
  Earthquake e = event(8);
  e.rupture = {{104, 31}, {105, 31}, {106, 32}};
  BOOST_TEST(near(distance_to_rupture_km(e, 104.5, 31.5), 0.5 * 111.195, 1e-2));
  BOOST_TEST(near(distance_to_rupture_km(e, 103, 31), from_epicentre(e, 103, 31).km, 0.05));
  BOOST_TEST(distance_to_rupture_km(e, 105.5, 31.5) < 1e-9);
  BOOST_TEST(near(intensity_at_place(west, e, 106, 32), west.across.intensity(8, 0), 0.02));
  BOOST_TEST(intensity_at_place(west, e, 106, 32) > intensity_at_place(west, event(8), 106, 32));
  BOOST_TEST(std::isinf(distance_to_rupture_km(event(8), 104, 31)));
}

BOOST_AUTO_TEST_CASE(the_grid_has_the_ellipse_along_the_rupture) {
  Earthquake e = event(7.5);
  e.strike = 0;  // north
  const Plane p = shaking_on_grid(intensity_attenuation("wang2000_west"), e, Grid("EPSG:4326", 103, 32, 0.1, 0.1, 21, 21));
  BOOST_TEST(p.row(10)[10] == *std::max_element(p.values.begin(), p.values.end()));
  BOOST_TEST(p.row(0)[10] > p.row(10)[0]);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
