#include "products/map_canvas.h"

#include <boost/test/unit_test.hpp>

#include "tests/products/picture.h"

using namespace guyu;
namespace {
test::Picture written(const std::string& text) {
  const MapCanvas canvas(64, 64);
  canvas.text(8, 4, text, {.size = 40});
  return test::drawn_on(canvas);
}
}  // namespace
BOOST_AUTO_TEST_SUITE(map_canvas)

BOOST_AUTO_TEST_CASE(chinese_characters_have_glyphs_of_their_own) {
  const auto grain = written("谷"), rain = written("雨"), blank = written(" ");
  BOOST_TEST((grain.pixels != rain.pixels));
  BOOST_TEST((grain.pixels == written("谷").pixels));
  BOOST_TEST(blank.count(map_colors::paper) == blank.pixels.size());
  // Characters are as wide as they are high; the box with a code number that stands for a missing glyph is not.
  const MapCanvas canvas(8, 8);
  BOOST_TEST(canvas.measure("谷雨节气", {.size = 40}).width == 160.0, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(long_texts_are_wrapped_to_the_width_they_may_have) {
  const MapCanvas canvas(8, 8);
  const std::string text = "暴雨红色预警信号覆盖全部乡镇 and every township that lies beyond the river";
  const TextSize one = canvas.measure(text, {.size = 20}), many = canvas.measure(text, {.size = 20, .wrap_width = 200});
  BOOST_TEST(one.width > 400);
  BOOST_TEST(many.width <= 200);
  BOOST_TEST(many.height > 2 * one.height);
}

BOOST_AUTO_TEST_CASE(the_hatch_is_neither_paper_nor_one_colour) {
  const MapCanvas canvas(16, 16);
  canvas.hatch();
  cairo_paint(canvas.cairo());
  const auto p = test::drawn_on(canvas);
  BOOST_TEST(p.count(map_colors::paper) == 0U);
  BOOST_TEST(p.count(map_colors::hatch_paper) > 0U);
  BOOST_TEST(p.count(map_colors::hatch_line) > 0U);
}

BOOST_AUTO_TEST_CASE(mixing_starts_and_ends_at_its_colours) {
  const Color a{10, 20, 30}, b{110, 220, 0};
  BOOST_TEST(mix(a, b, 0) == a);
  BOOST_TEST(mix(a, b, 1) == b);
  BOOST_TEST(mix(a, b, 0.5) == (Color{60, 120, 15}));
}

BOOST_AUTO_TEST_SUITE_END()
