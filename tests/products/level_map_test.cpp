#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "products/map.h"
#include "products/map_palette.h"
#include "tests/products/picture.h"
#include "tests/products/shapes.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
const std::string& folder() {
  static const std::string f = test::temporary_folder("level_map");
  return f;
}
// Three towns from west to east: red, yellow, and one with no row.
RegionSet towns() {
  return {test::kDegrees,
          {{"1", "红镇", "甲县", test::box(110, 30, 111, 31)},
           {"2", "黄镇", "甲县", test::box(111, 30, 112, 31)},
           {"3", "空镇", "乙县", test::box(112, 30, 113, 31)}},
          {}};
}
RiskTable risk() {
  RiskTable t;
  t.rows = {{.region = 0, .hazard = "rainstorm", .level = Level::red, .valid = {}, .evidence = {}},
            {.region = 1, .hazard = "rainstorm", .level = Level::yellow, .valid = {}, .evidence = {}},
            {.region = 2, .hazard = "gale", .level = Level::blue, .valid = {}, .evidence = {}}};
  return t;
}
test::Picture drawn(const RegionSet& regions, const RiskTable& table, const MapOptions& options = {},
                    const MapText& text = {"暴雨预警", "subtitle", "footer"}) {
  const std::string path = folder() + "/map.png";
  draw_level_map(path, regions, table, "rainstorm", text, options);
  return test::read_png(path);
}
constexpr std::size_t kSwatchPixels = 1000;  // more pixels than a legend's swatch has
}  // namespace
BOOST_AUTO_TEST_SUITE(level_map)

BOOST_AUTO_TEST_CASE(each_region_has_the_colour_of_its_level) {
  const auto p = drawn(towns(), risk(), {.width = 900, .labels = false});
  BOOST_TEST(p.width == 900);
  BOOST_TEST(p.height > 200);
  const Color red = level_color(Level::red), yellow = level_color(Level::yellow);
  BOOST_TEST(p.count(red) > 10 * kSwatchPixels);
  BOOST_TEST(p.count(yellow) > 10 * kSwatchPixels);
  BOOST_TEST(p.mean_x(red) < p.mean_x(yellow));
  BOOST_TEST(p.count(level_color(Level::blue)) < kSwatchPixels);  // another hazard's
}

BOOST_AUTO_TEST_CASE(not_known_looks_unlike_no_warning) {
  const auto unknown = drawn(towns(), risk(), {.labels = false});
  RiskTable all = risk();
  all.rows[2].hazard = "rainstorm";
  all.rows[2].level = Level::none;
  const auto none = drawn(towns(), all, {.labels = false});
  BOOST_TEST(unknown.count(map_colors::hatch_line) > none.count(map_colors::hatch_line) + kSwatchPixels);
  BOOST_TEST(none.count(level_color(Level::none)) > unknown.count(level_color(Level::none)) + 10 * kSwatchPixels);
}

BOOST_AUTO_TEST_CASE(names_are_written_unless_they_are_not_wanted) {
  const auto with = drawn(towns(), risk()), without = drawn(towns(), risk(), {.labels = false});
  BOOST_TEST(with.count(level_color(Level::red)) < without.count(level_color(Level::red)));
}

BOOST_AUTO_TEST_CASE(the_same_input_gives_the_same_bytes_for_any_number_of_threads) {
  set_num_threads(1);
  drawn(towns(), risk());
  const std::string first = read_text_file(folder() + "/map.png");
  set_num_threads(4);
  drawn(towns(), risk());
  set_num_threads(0);
  BOOST_TEST((first == read_text_file(folder() + "/map.png")));
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder()), {}) == 1);  // nothing but the map is left
}

BOOST_AUTO_TEST_CASE(long_titles_make_the_picture_higher_instead_of_running_out_of_it) {
  std::string title;
  for (int k = 0; k < 12; ++k) title += "暴雨预警信号 Rainstorm ";
  const auto two_words = drawn(towns(), risk(), {.width = 600}), many = drawn(towns(), risk(), {.width = 600}, {title, title, title});
  BOOST_TEST(many.height > two_words.height + 60);
  for (int y = 0; y < many.height; ++y) {
    BOOST_TEST(many.at(0, y) == map_colors::paper);
    BOOST_TEST(many.at(many.width - 1, y) == map_colors::paper);
  }
}

BOOST_AUTO_TEST_CASE(empty_far_and_date_line_regions_do_not_fail) {
  BOOST_TEST(drawn({test::kDegrees, {}, {}}, {}).width == 1200);
  BOOST_TEST(drawn({test::kDegrees, {{"1", "空", "", {}}}, {}}, risk()).width == 1200);
  const auto elsewhere = drawn(towns(), risk(), {.west = -20, .south = 30, .east = 10, .north = 60});
  BOOST_TEST(elsewhere.count(level_color(Level::red)) < kSwatchPixels);
  const RegionSet fiji{test::kDegrees, {{"1", "西", "", test::box(177, -19, 180, -16)}, {"2", "东", "", test::box(-180, -19, -178, -16)}}, {}};
  const auto p = drawn(fiji, risk(), {.labels = false});
  BOOST_TEST(p.count(level_color(Level::red)) > 10 * kSwatchPixels);
  BOOST_TEST(p.mean_x(level_color(Level::red)) < p.mean_x(level_color(Level::yellow)));
}

BOOST_AUTO_TEST_CASE(a_wide_country_is_drawn_through_a_cone) {
  const RegionSet wide{test::kDegrees, {{"1", "一", "", test::box(80, 20, 100, 50)}, {"2", "二", "", test::box(100, 20, 120, 50)}}, {}};
  const auto p = drawn(wide, risk(), {.labels = false});
  int top = 0, bottom = 0;  // width of the two in a row near their top and near their bottom
  std::vector<int> per_row;
  for (int y = 0; y < p.height; ++y) {
    int n = 0;
    for (int x = 0; x < p.width; ++x) n += p.at(x, y) == level_color(Level::red) || p.at(x, y) == level_color(Level::yellow) ? 1 : 0;
    if (n > 150) per_row.push_back(n);
  }
  BOOST_REQUIRE(per_row.size() > 100U);
  top = per_row[per_row.size() / 5];
  bottom = per_row[per_row.size() * 4 / 5];
  BOOST_TEST(bottom > top * 11 / 10);  // meridians part towards the equator
}

BOOST_AUTO_TEST_CASE(impossible_wishes_are_named) {
  BOOST_CHECK_THROW(drawn(towns(), risk(), {.width = 10}), Error);
  BOOST_CHECK_THROW(drawn(towns(), risk(), {.west = 100, .south = 40, .east = 120, .north = 30}), Error);
  BOOST_CHECK_EXCEPTION(draw_level_map(folder() + "/map.png/in_a_file.png", towns(), risk(), "rainstorm", {}), Error,
                        [](const Error& e) { return std::string(e.what()).find("map.png") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
