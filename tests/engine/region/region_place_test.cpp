#include "engine/region/region_place.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"

namespace guyu {
namespace {

Ring box(double west, double south, double east, double north) { return {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(region_place)

BOOST_AUTO_TEST_CASE(areas_and_centres_are_those_of_the_sphere) {
  RegionSet set = mesh_regions(110, 30, 111, 31, 0.5);
  set.regions.push_back({"hole", "", "", {{box(110, 30, 111, 31), {box(110.25, 30.25, 110.75, 30.75)}}}});
  set.regions.push_back({"nothing", "", "", {}});
  const auto places = region_places(set);
  BOOST_REQUIRE(places.size() == 6U);
  const double degree = 6371 * 3.14159265358979 / 180, whole = degree * 6371 * (std::sin(31 / 57.29577951308232) - std::sin(30 / 57.29577951308232));
  BOOST_TEST(places[0].area_km2 + places[1].area_km2 + places[2].area_km2 + places[3].area_km2 == whole, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(places[4].area_km2 == 0.75 * whole, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(distance_km(places[0].centre, ground_point(110.25, 30.75)) < 0.1);
  BOOST_TEST(distance_km(places[4].centre, ground_point(110.5, 30.5)) < 0.1);
  BOOST_TEST(places[5].area_km2 == 0);
}

// Islands on both sides of the date line lie at it, not on the other side of the Earth.
BOOST_AUTO_TEST_CASE(parts_on_both_sides_of_the_date_line_have_their_centre_at_it) {
  RegionSet set;
  set.crs = "EPSG:4326";
  set.regions.push_back({"1", "", "", {{box(179, 50, 180, 51), {}}, {box(-180, 50, -179, 51), {}}}});
  BOOST_TEST(distance_km(region_places(set)[0].centre, ground_point(180, 50.5)) < 0.5);
}

BOOST_AUTO_TEST_CASE(projected_outlines_lie_where_those_in_degrees_do_and_without_a_crs_nowhere) {
  RegionSet set;
  set.crs = "EPSG:32650";
  set.regions.push_back({"1", "", "", {{box(500000, 3300000, 510000, 3310000), {}}}});
  const auto place = region_places(set).front();
  BOOST_TEST(place.area_km2 == 100, boost::test_tools::tolerance(0.01));
  BOOST_TEST(distance_km(place.centre, ground_point(117.052, 29.873)) < 0.5);
  set.crs.clear();
  BOOST_CHECK_THROW(region_places(set), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
