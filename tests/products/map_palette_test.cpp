#include "products/map_palette.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "tests/products/picture.h"
#include "tests/products/shapes.h"

using namespace guyu;
namespace {
Field field_of(const std::string& quantity, std::vector<float> values, int hours = 0) {
  FieldMeta meta;
  meta.quantity = *find_quantity(quantity);
  meta.kind = hours > 0 ? TimeKind::accumulation : TimeKind::instant;
  meta.valid.end = meta.valid.begin + std::chrono::hours(hours);
  Field f(Grid(test::kDegrees, 110, 30, 1, 1, static_cast<std::int64_t>(values.size()), 1), meta);
  std::copy(values.begin(), values.end(), f.values().begin());
  return f;
}
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
}  // namespace
BOOST_AUTO_TEST_SUITE(map_palette)

// GB/T 28592-2012, 24 hours: light 0.1, moderate 10, heavy 25, rainstorm 50, severe 100, extraordinary 250 mm.
BOOST_AUTO_TEST_CASE(a_day_of_rain_is_graded_as_the_standard_says) {
  const ColorScale s = color_scale(field_of("precipitation_amount", {0}, 24));
  BOOST_REQUIRE(s.classes.size() == 6U);
  const std::vector<std::pair<double, double>> last_and_first{{0.1, 9.9}, {10, 24.9}, {25, 49.9}, {50, 99.9}, {100, 249.9}, {250, 1000}};
  for (std::size_t k = 0; k < 6; ++k) {
    BOOST_TEST(s.at(last_and_first[k].first) == s.classes[k].color);
    BOOST_TEST(s.at(last_and_first[k].second) == s.classes[k].color);
  }
  BOOST_TEST(s.at(0.09) == map_colors::paper);
  BOOST_TEST(s.unit == "mm");
}

BOOST_AUTO_TEST_CASE(the_interval_decides_how_heavy_an_amount_is) {
  const auto grade = [](int hours, double mm) {
    const ColorScale s = color_scale(field_of("precipitation_amount", {0}, hours));
    for (std::size_t k = 0; k < s.classes.size(); ++k) {
      if (s.classes[k].color == s.at(mm)) return static_cast<int>(k);
    }
    return -1;
  };
  BOOST_TEST(grade(1, 20) == 3);  // a rainstorm in an hour
  BOOST_TEST(grade(3, 20) == 3);
  BOOST_TEST(grade(6, 20) == 2);  // heavy
  BOOST_TEST(grade(12, 20) == 2);
  BOOST_TEST(grade(24, 20) == 1);  // moderate
  for (int hours = 1; hours < 30; ++hours) BOOST_TEST(grade(hours + 1, 60) <= grade(hours, 60));
}

BOOST_AUTO_TEST_CASE(other_quantities_are_shown_in_the_unit_that_people_use) {
  const ColorScale t = color_scale(field_of("air_temperature", {263.15F, 303.15F}));
  BOOST_TEST(t.unit == "°C");
  BOOST_TEST(t.to_shown(273.15) == 0.0, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(t.low <= -10);
  BOOST_TEST(t.high >= 30);
  BOOST_TEST(t.continuous);
  BOOST_TEST(color_scale(field_of("air_pressure_at_mean_sea_level", {101325})).to_shown(101325) == 1013.25, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(color_scale(field_of("relative_humidity", {0.5F})).to_shown(0.5) == 50.0, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_degree_has_the_same_colour_on_every_map) {
  const ColorScale a = color_scale(field_of("air_temperature", {270, 275})), b = color_scale(field_of("air_temperature", {230, 320}));
  for (double c = -60; c < 45; c += 2.5) BOOST_TEST(a.at(c) == b.at(c));
}

BOOST_AUTO_TEST_CASE(fields_of_one_value_or_none_still_have_a_scale) {
  const ColorScale one = color_scale(field_of("wind_speed", {7, 7})), none = color_scale(field_of("wind_speed", {kNan}));
  BOOST_TEST(one.high > one.low);
  BOOST_TEST(none.high == none.low);
  BOOST_TEST(!none.classes.empty());
}

BOOST_AUTO_TEST_CASE(steps_are_one_two_or_five_and_never_too_many) {
  for (const double range : {0.003, 0.7, 1.0, 9.0, 40.0, 12345.0}) {
    const double step = nice_step(range, 8);
    BOOST_TEST(range / step <= 8.0 + 1e-9);
    BOOST_TEST(range / step > 3.0);
  }
  BOOST_TEST(nice_step(40, 8) == 5.0, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(warning_colours_are_told_apart) {
  const Color red = level_color(Level::red), orange = level_color(Level::orange), yellow = level_color(Level::yellow), blue = level_color(Level::blue);
  BOOST_TEST((red.red > 200 && red.green < 60 && red.blue < 60));
  BOOST_TEST((orange.red > 200 && orange.green > 90 && orange.green < 180 && orange.blue < 60));
  BOOST_TEST((yellow.red > 200 && yellow.green > 200 && yellow.blue < 60));
  BOOST_TEST((blue.blue > 200 && blue.red < 90));
}

BOOST_AUTO_TEST_SUITE_END()
