#include "products/map_view.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/products/shapes.h"

using namespace guyu;
namespace {
constexpr const char* kCone = "+proj=lcc +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m +no_defs";
}
BOOST_AUTO_TEST_SUITE(map_view, *boost::unit_test::tolerance(1e-9))

BOOST_AUTO_TEST_CASE(pixels_and_coordinates_are_each_others_inverse) {
  const MapView view(test::kDegrees, {110, 20, 120, 40}, {30, 50, 300, 200});
  const Point p = view.to_crs(view.to_pixel({113.25, 31.5}));
  BOOST_TEST(p.x == 113.25);
  BOOST_TEST(p.y == 31.5);
}

BOOST_AUTO_TEST_CASE(a_degree_of_longitude_shrinks_with_the_cosine_of_the_latitude) {
  const MapView view(test::kDegrees, {0, 55, 10, 65}, {0, 0, 100, 100});
  BOOST_TEST(view.pixels_per_x() / view.pixels_per_y() == 0.5);
  BOOST_TEST(drawn_aspect(test::kDegrees, {0, 55, 10, 65}) == 2.0);
  BOOST_TEST(drawn_aspect(kCone, {0, 0, 1000, 500}) == 0.5);
}

BOOST_AUTO_TEST_CASE(the_area_is_widened_round_its_middle_to_the_shape_of_the_box) {
  const MapArea asked{0, 0, 1000, 1000};
  const MapView view(kCone, asked, {10, 10, 400, 200});
  BOOST_TEST(view.area().height() == 1000.0);
  BOOST_TEST(view.area().west == -500.0);
  BOOST_TEST(view.area().east == 1500.0);
}

BOOST_AUTO_TEST_CASE(bounds_hold_the_corners_in_the_other_crs) {
  const MapArea degrees{100, 20, 120, 45}, metres = bounds_in(degrees, test::kDegrees, kCone);
  const MapTransform t(test::kDegrees, kCone);
  for (const Point corner : {Point{100, 20}, Point{120, 20}, Point{100, 45}, Point{120, 45}}) {
    const Point p = t.forward(corner);
    BOOST_TEST((p.x >= metres.west && p.x <= metres.east && p.y >= metres.south && p.y <= metres.north));
    BOOST_TEST(t.inverse(p).x == corner.x);
  }
}

BOOST_AUTO_TEST_CASE(distances_are_those_on_the_ellipsoid) {
  // A degree of longitude on the equator: 6378137 m x pi / 180.
  BOOST_TEST(ground_distance({10, 0}, {11, 0}) == 6378137.0 * std::acos(-1.0) / 180);
  BOOST_TEST(ground_distance({179.5, 0}, {-179.5, 0}) == 6378137.0 * std::acos(-1.0) / 180);
}

BOOST_AUTO_TEST_SUITE_END()
