#include <boost/test/unit_test.hpp>
#include <limits>

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
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr const char* kStereographic = "+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378137 +b=6356752 +units=m +no_defs";

std::string path() {
  static const std::string folder = test::temporary_folder("field_map");
  return folder + "/field.png";
}
Field rates(Grid grid, float value) {
  FieldMeta meta;
  meta.quantity = quantities::rainfall_rate();
  meta.valid = {parse_time("2019-06-10T00:10Z"), parse_time("2019-06-10T00:10Z")};
  Field f(std::move(grid), meta);
  std::fill(f.values().begin(), f.values().end(), value);
  return f;
}
test::Picture drawn(const Field& f, const RegionSet* regions = nullptr, const MapOptions& options = {}) {
  draw_field_map(path(), f, regions, field_text(f), options);
  return test::read_png(path());
}
constexpr std::size_t kLegendSwatch = 1000;  // more pixels than a legend's swatch has
}  // namespace
BOOST_AUTO_TEST_SUITE(field_map)

BOOST_AUTO_TEST_CASE(dry_is_paper_and_missing_is_hatched) {
  Field f = rates(Grid(test::kDegrees, 110.5, 31.5, 1, 1, 4, 4), 0);
  const auto dry = drawn(f);
  for (float& v : f.values()) v = kMissing;
  const auto missing = drawn(f);
  BOOST_TEST(dry.width == missing.width);
  BOOST_TEST(dry.height == missing.height);
  BOOST_TEST(missing.count(map_colors::hatch_paper) > dry.count(map_colors::hatch_paper) + 100 * kLegendSwatch);
  BOOST_TEST(dry.count(map_colors::paper) > missing.count(map_colors::paper) + 100 * kLegendSwatch);
}

BOOST_AUTO_TEST_CASE(rain_stands_at_its_place) {
  Field f = rates(Grid(test::kDegrees, 110.5, 31.5, 1, 1, 2, 2), 0);
  f.view()(0, 0) = 20;
  f.view()(1, 1) = 60;
  const ColorScale s = color_scale(f);
  const auto p = drawn(f);
  BOOST_TEST(p.count(s.at(20)) > 10 * kLegendSwatch);
  BOOST_TEST(p.mean_x(s.at(20)) < p.mean_x(s.at(60)));
}

BOOST_AUTO_TEST_CASE(regions_are_drawn_over_the_field_in_its_projection) {
  const Field f = rates(Grid(kStereographic, -100500, -4200500, 1000, 1000, 200, 200), 0);
  const RegionSet near{test::kDegrees, {{"1", "近", "", test::box(-1, 49, 1, 51)}}, {}};
  const RegionSet far{test::kDegrees, {{"1", "远", "", test::box(150, -40, 160, -30)}}, {}};
  const auto bare = drawn(f), with_near = drawn(f, &near), with_far = drawn(f, &far);
  BOOST_TEST((with_far.pixels == bare.pixels));
  BOOST_TEST((with_near.pixels != bare.pixels));
}

BOOST_AUTO_TEST_CASE(a_part_is_shown_larger) {
  Field f = rates(Grid(test::kDegrees, 110.05, 39.95, 0.1, 0.1, 100, 100), 0);
  for (int j = 48; j < 52; ++j) {
    for (int i = 48; i < 52; ++i) f.view()(j, i) = 60;
  }
  const Color c = color_scale(f).at(60);
  BOOST_TEST(drawn(f, nullptr, {.west = 114, .south = 34, .east = 116, .north = 36}).count(c) > 5 * drawn(f).count(c));
}

BOOST_AUTO_TEST_CASE(odd_grids_do_not_fail) {
  BOOST_TEST(drawn(rates(Grid(test::kDegrees, 110, 30, 1, 1, 1, 1), 20)).width == 1200);            // one cell
  BOOST_TEST(drawn(rates(Grid(test::kDegrees, 0, 90, 1, 1, 360, 181), 20)).width == 1200);          // both poles
  BOOST_TEST(drawn(rates(Grid(test::kDegrees, 175.5, 10, 1, 1, 10, 10), 20)).width == 1200);        // over the date line
  BOOST_TEST(drawn(rates(Grid(test::kDegrees, 0.5, 0, 1, 1, 300, 1), 20)).width == 1200);           // one long row
  BOOST_TEST(drawn(rates(Grid(test::kDegrees, 0, 80, 1, 1, 1, 160), 20)).width == 1200);            // one long column
  BOOST_TEST(drawn(rates(Grid(kStereographic, -5e6, 5e6, 1e5, 1e5, 101, 101), 20)).width == 1200);  // round the pole
  const RegionSet none{test::kDegrees, {}, {}};
  BOOST_TEST(drawn(rates(Grid(test::kDegrees, 110, 30, 1, 1, 2, 2), 20), &none).width == 1200);
  Field unknown = rates(Grid(test::kDegrees, 110, 30, 1, 1, 2, 2), 1e30F);
  unknown.meta.quantity = {.name = "a quantity that no table knows/with a slash", .unit = "1"};
  BOOST_TEST(drawn(unknown).width == 1200);
}

BOOST_AUTO_TEST_CASE(the_same_input_gives_the_same_bytes_for_any_number_of_threads) {
  Field f = rates(Grid(test::kDegrees, 110.05, 39.95, 0.1, 0.1, 100, 100), 0);
  for (std::size_t k = 0; k < f.values().size(); ++k) f.values()[k] = static_cast<float>(k * 7919 % 600) / 10.0F;
  set_num_threads(1);
  drawn(f);
  const std::string first = read_text_file(path());
  set_num_threads(4);
  drawn(f);
  set_num_threads(0);
  BOOST_TEST((first == read_text_file(path())));
}

BOOST_AUTO_TEST_CASE(a_fields_text_says_quantity_time_level_member_and_file) {
  Field f = rates(Grid(test::kDegrees, 110, 30, 1, 1, 2, 2), 0);
  f.meta.level = "surface";
  f.meta.member = 3;
  f.meta.source = "some/folder/radar.grib2";
  f.meta.format = "GRIB2";
  MapText t = field_text(f);
  BOOST_TEST(t.title == "降水率 Rainfall rate");
  BOOST_TEST(t.subtitle == "2019-06-10 00:10 UTC · surface · member 3");
  BOOST_TEST(t.footer == "radar.grib2 · GRIB2");
  f.meta.quantity = quantities::precipitation_amount();
  f.meta.kind = TimeKind::accumulation;
  f.meta.valid.begin = parse_time("2019-06-09T21:10Z");
  BOOST_TEST(field_text(f).subtitle == "2019-06-09 21:10 – 2019-06-10 00:10 UTC · surface · member 3");
}

BOOST_AUTO_TEST_SUITE_END()
