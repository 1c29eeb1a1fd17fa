#include "products/map_raster.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "hpc/parallel/parallel_for.h"
#include "tests/products/picture.h"
#include "tests/products/shapes.h"

using namespace guyu;
namespace {
constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();
constexpr Color kGround{1, 2, 3};

Field rates(Grid grid, float value) {
  FieldMeta meta;
  meta.quantity = quantities::rainfall_rate();
  Field f(std::move(grid), meta);
  std::fill(f.values().begin(), f.values().end(), value);
  return f;
}
// The field in a picture that shows exactly `area`.
test::Picture painted(const Field& f, MapArea area, int width, int height) {
  const MapCanvas canvas(width, height);
  canvas.color(kGround);
  cairo_paint(canvas.cairo());
  const MapView view(f.grid().crs(), area, {0, 0, static_cast<double>(width), static_cast<double>(height)});
  paint_field(canvas, view, f, color_scale(f));
  return test::drawn_on(canvas);
}
const char* kPlane = "+proj=lcc +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m +no_defs";
}  // namespace
BOOST_AUTO_TEST_SUITE(map_raster)

BOOST_AUTO_TEST_CASE(each_cell_has_its_colour_at_its_place_and_missing_is_not_dry) {
  Field f = rates(Grid(kPlane, 500, 2500, 1000, 1000, 2, 3), 0);  // covers 0..2000, 0..3000
  f.view()(0, 0) = kAbsent;
  f.view()(0, 1) = 20;
  f.view()(2, 0) = 60;
  const ColorScale s = color_scale(f);
  const auto p = painted(f, {0, 0, 2000, 3000}, 20, 30);
  BOOST_TEST(p.at(2, 2) == kGround);
  BOOST_TEST(p.at(15, 5) == s.at(20));
  BOOST_TEST(p.at(5, 15) == map_colors::paper);
  BOOST_TEST(p.at(9, 29) == s.at(60));
  BOOST_TEST(p.at(10, 29) == map_colors::paper);
}

BOOST_AUTO_TEST_CASE(what_lies_outside_the_grid_is_left_alone) {
  const Field f = rates(Grid(kPlane, 500, 500, 1000, 1000, 1, 1), 20);
  const auto p = painted(f, {-1000, -1000, 2000, 2000}, 30, 30);
  BOOST_TEST(p.count(color_scale(f).at(20)) == 100U);
  BOOST_TEST(p.count(kGround) == 800U);
}

BOOST_AUTO_TEST_CASE(a_small_picture_shows_the_mean_rain_and_the_strongest_echo) {
  Field f = rates(Grid(kPlane, 500, 3500, 1000, 1000, 4, 4), 0);
  f.view()(1, 1) = 30;
  f.view()(2, 3) = kAbsent;  // does not dilute: three dry cells remain
  const ColorScale s = color_scale(f);
  const auto rain = painted(f, {0, 0, 4000, 4000}, 2, 2);
  BOOST_TEST(rain.at(0, 0) == s.at(7.5));
  BOOST_TEST(rain.at(1, 1) == map_colors::paper);
  f.meta.quantity = quantities::reflectivity();
  BOOST_TEST(painted(f, {0, 0, 4000, 4000}, 2, 2).at(0, 0) == color_scale(f).at(30));
}

BOOST_AUTO_TEST_CASE(longitudes_are_taken_round_the_circle) {
  Field f = rates(Grid(test::kDegrees, 0.5, 0.5, 1, 1, 360, 2), 0);  // 0..360 E, 1 S..1 N
  f.view()(0, 0) = f.view()(1, 0) = 20;                              // 0..1 E
  f.view()(0, 359) = f.view()(1, 359) = 60;                          // 1 W..0
  const ColorScale s = color_scale(f);
  const auto p = painted(f, {-2, -1, 2, 1}, 40, 20);
  BOOST_TEST(p.at(15, 10) == s.at(60));
  BOOST_TEST(p.at(25, 10) == s.at(20));
  BOOST_TEST(p.at(5, 10) == map_colors::paper);
  BOOST_TEST(p.count(kGround) == 0U);
  // Two degrees to a pixel: the seam lies in the middle of one, whose mean has both sides.
  BOOST_TEST(painted(f, {-3, -1, 3, 1}, 3, 1).at(1, 0) == s.at(40));
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_pixels) {
  Field f = rates(Grid(kPlane, 500, 300500, 1000, 1000, 400, 300), 0);
  for (std::size_t k = 0; k < f.values().size(); ++k) f.values()[k] = static_cast<float>(k * 7919 % 600) / 10.0F;
  set_num_threads(1);
  const auto one = painted(f, {0, 0, 400000, 300000}, 93, 71);
  set_num_threads(4);
  const auto four = painted(f, {0, 0, 400000, 300000}, 93, 71);
  set_num_threads(0);
  BOOST_TEST((one.pixels == four.pixels));
}

BOOST_AUTO_TEST_SUITE_END()
