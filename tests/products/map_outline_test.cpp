#include "products/map_outline.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "products/map_borders.h"
#include "products/map_labels.h"
#include "tests/products/picture.h"
#include "tests/products/shapes.h"

using namespace guyu;
namespace {
RegionSet two(const std::string& parent_a, const std::string& parent_b) {
  return {test::kDegrees, {{"1", "甲镇", parent_a, test::box(0, 0, 10, 10)}, {"2", "乙镇", parent_b, test::box(10, 0, 20, 10)}}, {}};
}
const MapView kView(test::kDegrees, {-1, -1, 21, 11}, {0, 0, 220, 120});

// How dark the common border is at its middle row, over the pixels around it.
int darkness(const RegionSet& regions) {
  const MapCanvas canvas(220, 120);
  draw_borders(canvas, region_outlines(regions, kView), regions, {.region_width = 1, .parent_width = 3});
  const auto p = test::drawn_on(canvas);
  const auto middle = static_cast<int>(kView.to_pixel({10, 5}).x);
  int sum = 0;
  for (int x = middle - 5; x <= middle + 5; ++x) sum += 255 - p.at(x, 60).green;
  return sum;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(map_outline)

BOOST_AUTO_TEST_CASE(neighbours_keep_a_common_border_when_simplified) {
  RegionSet regions = two("", "");
  Ring zigzag;
  for (int k = 0; k <= 1000; ++k) zigzag.push_back({10 + 0.001 * (k * 37 % 11), 0.01 * k});
  Ring& a = regions.regions[0].shape[0].outer;
  Ring& b = regions.regions[1].shape[0].outer;
  a = {{0, 0}};
  a.insert(a.end(), zigzag.begin(), zigzag.end());
  a.insert(a.end(), {{0, 10}, {0, 0}});
  b = {{20, 10}};
  b.insert(b.end(), zigzag.rbegin(), zigzag.rend());
  b.insert(b.end(), {{20, 0}, {20, 10}});
  const auto outlines = region_outlines(regions, kView);
  BOOST_REQUIRE(outlines.size() == 2U);
  BOOST_TEST(outlines[0].rings[0].size() < 900U);
  for (const OutlinePoint& p : outlines[0].rings[0]) {
    if (p.x < kView.to_pixel({9, 0}).x * kOutlineSteps) continue;
    const auto& other = outlines[1].rings[0];
    BOOST_TEST((std::find(other.begin(), other.end(), p) != other.end()));
  }
}

BOOST_AUTO_TEST_CASE(regions_that_the_view_does_not_touch_have_no_outline) {
  const RegionSet far{test::kDegrees, {{"1", "", "", test::box(50, 50, 60, 60)}, {"2", "", "", {}}}, {}};
  BOOST_TEST(region_outlines(far, kView).empty());
  const MapView cone("+proj=lcc +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m +no_defs", {-1e6, 3e6, 1e6, 5e6}, {0, 0, 100, 100});
  BOOST_TEST(region_outlines({test::kDegrees, {{"1", "", "", test::box(-80, -40, -70, -30)}}, {}}, cone).empty());
}

BOOST_AUTO_TEST_CASE(regions_on_both_sides_of_the_date_line_lie_together) {
  const RegionSet fiji{test::kDegrees, {{"1", "", "", test::box(177, -19, 180, -16)}, {"2", "", "", test::box(-180, -19, -178, -16)}}, {}};
  const MapArea a = region_bounds(fiji);
  BOOST_TEST(a.west == 177);
  BOOST_TEST(a.east == 182);
  const auto outlines = region_outlines(fiji, MapView(test::kDegrees, a, {0, 0, 100, 60}));
  BOOST_REQUIRE(outlines.size() == 2U);
  BOOST_TEST(outlines[1].rings[0][0].x > outlines[0].rings[0][0].x);
  BOOST_TEST(region_bounds({}).empty());
}

BOOST_AUTO_TEST_CASE(a_straight_border_bends_with_the_projection) {
  const MapView cone("+proj=lcc +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m +no_defs", {-2e6, 2e6, 2e6, 5e6}, {0, 0, 400, 300});
  const RegionSet wide{test::kDegrees, {{"1", "", "", test::box(90, 30, 120, 40)}}, {}};
  const auto outlines = region_outlines(wide, cone);
  BOOST_REQUIRE(outlines.size() == 1U);
  BOOST_TEST(outlines[0].rings[0].size() > 50U);
}

BOOST_AUTO_TEST_CASE(borders_between_parents_are_heavier_also_when_vertices_differ) {
  const int light = darkness(two("x", "x")), heavy = darkness(two("x", "y"));
  BOOST_TEST(light > 0);
  BOOST_TEST(heavy > 2 * light);
  BOOST_TEST(darkness(two("", "")) == light);
  RegionSet other_vertices = two("x", "x");
  Ring& ring = other_vertices.regions[1].shape[0].outer;
  ring.insert(ring.end() - 1, Point{10.01, 4.3});
  BOOST_TEST(darkness(other_vertices) < heavy / 2 + light);
}

BOOST_AUTO_TEST_CASE(names_are_written_where_they_fit_and_only_there) {
  const auto ink = [](double size) {
    const MapCanvas canvas(220, 120);
    const auto outlines = region_outlines(two("", ""), kView);
    draw_labels(canvas, kView.box(), outlines, {{"甲镇", 0, 0, 0}, {"乙镇", 1, 0, 0}}, size);
    return test::drawn_on(canvas);
  };
  const auto fits = ink(20), too_large = ink(80);
  BOOST_TEST(too_large.count(map_colors::paper) == too_large.pixels.size());
  std::size_t left = 0, right = 0;
  for (int y = 0; y < 120; ++y) {
    for (int x = 0; x < 220; ++x) (x < 110 ? left : right) += fits.at(x, y) == map_colors::paper ? 0U : 1U;
    BOOST_TEST(fits.at(110, y) == map_colors::paper);  // neither passes the border
  }
  BOOST_TEST(left > 50U);
  BOOST_TEST(right > 50U);
}

BOOST_AUTO_TEST_CASE(of_two_names_in_one_place_the_severer_is_written) {
  const MapCanvas canvas(220, 120);
  const RegionSet same{test::kDegrees, {{"1", "", "", test::box(0, 0, 20, 10)}, {"2", "", "", test::box(2, 1, 18, 9)}}, {}};
  const auto outlines = region_outlines(same, kView);
  draw_labels(canvas, kView.box(), outlines, {{"大镇", 0, 0, 0}, {"红镇", 1, 4, 0}}, 30);
  const MapCanvas alone(220, 120);
  draw_labels(alone, kView.box(), outlines, {{"红镇", 1, 4, 0}}, 30);
  BOOST_TEST((test::drawn_on(canvas).pixels == test::drawn_on(alone).pixels));
}

BOOST_AUTO_TEST_SUITE_END()
