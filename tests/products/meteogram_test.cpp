#include "products/meteogram.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "products/meteogram_series.h"
#include "tests/products/picture.h"
#include "tests/support/test_data.h"

using namespace guyu;

namespace {
const TimePoint kRun = parse_time("2026-07-01T00:00:00Z");
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

TimePoint hour(int h) { return kRun + Seconds(3600 * h); }

PlaceSeries instants(const std::string& quantity, std::vector<std::vector<float>> members) {
  PlaceSeries s{*find_quantity(quantity), "2 m", TimeKind::instant, {}, std::move(members)};
  for (std::size_t k = 0; k < s.members[0].size(); ++k) s.times.push_back({hour(3 * static_cast<int>(k)), hour(3 * static_cast<int>(k))});
  return s;
}
PlaceSeries rain(std::vector<std::vector<float>> members) {
  PlaceSeries s{quantities::precipitation_amount(), "surface", TimeKind::accumulation, {}, std::move(members)};
  for (std::size_t k = 0; k < s.members[0].size(); ++k) s.times.push_back({hour(3 * static_cast<int>(k)), hour(3 * static_cast<int>(k) + 3)});
  return s;
}
test::Picture drawn(const std::vector<PlaceSeries>& series, const std::string& name = "青溪镇") {
  const std::string path = test::temporary_folder("meteogram") + "/m.png";
  draw_meteogram(path, {name, "990101001000", "", kRun}, series);
  return test::read_png(path);
}
constexpr Color kBar{44, 110, 205};
}  // namespace

BOOST_AUTO_TEST_SUITE(meteogram)

BOOST_AUTO_TEST_CASE(the_same_series_give_the_same_bytes_and_a_chinese_name_is_drawn) {
  const std::vector<PlaceSeries> series{instants("air_temperature", {{290, 295, 300, 293}}), rain({{0, 3, 1}})};
  const std::string folder = test::temporary_folder("meteogram-same");
  for (const char* name : {"/a.png", "/b.png"}) draw_meteogram(folder + name, {"青溪镇", "990101001000", "", kRun}, series);
  BOOST_TEST((read_text_file(folder + "/a.png") == read_text_file(folder + "/b.png")));
  BOOST_TEST((drawn(series, "青溪镇").pixels != drawn(series, "宁川镇").pixels));
}

BOOST_AUTO_TEST_CASE(bars_are_as_high_as_the_rain_and_dry_is_not_unknown) {
  const auto wet = drawn({rain({{4, 4, 4, 4}})}), half = drawn({rain({{4, 4, 2, 2}})}), dry = drawn({rain({{0, 0, 0, 0}})}),
             unknown = drawn({rain({{kUnknown, kUnknown, kUnknown, kUnknown}})}), part = drawn({rain({{4, 4, kUnknown, kUnknown}})});
  const auto key = static_cast<double>(dry.count(kBar));  // the mark in the key
  BOOST_TEST(key > 0);
  const double all = static_cast<double>(wet.count(kBar)) - key;
  BOOST_TEST(static_cast<double>(half.count(kBar)) - key == 0.75 * all, boost::test_tools::tolerance(0.02));
  BOOST_TEST(static_cast<double>(part.count(kBar)) - key == 0.5 * all, boost::test_tools::tolerance(0.02));
  // Hatched, over the half that is not known, and only there.
  BOOST_TEST(dry.count(map_colors::hatch_paper) == 0U);
  BOOST_TEST(unknown.count(map_colors::hatch_paper) > 10000U);
  BOOST_TEST(static_cast<double>(part.count(map_colors::hatch_paper)) == 0.5 * static_cast<double>(unknown.count(map_colors::hatch_paper)),
             boost::test_tools::tolerance(0.03));
  BOOST_TEST(part.mean_x(map_colors::hatch_paper) > 0.6 * part.width);
}

BOOST_AUTO_TEST_CASE(a_series_that_ends_before_another_is_unknown_for_the_rest) {
  const auto picture = drawn({instants("air_temperature", {{290, 295, 300, 293, 291}}), rain({{1, 1}})});
  BOOST_TEST(picture.count(map_colors::hatch_paper) > 5000U);
}

BOOST_AUTO_TEST_CASE(percentiles_are_of_the_members_that_are_known_and_need_half_of_them) {
  const ShownSeries s = shown_series(rain({{0, kUnknown, 1}, {1, kUnknown, kUnknown}, {2, 5, kUnknown}, {3, 6, 2}, {4, kUnknown, kUnknown}}), {});
  BOOST_TEST(s.ensemble);
  BOOST_TEST(s.steps[0].known);
  BOOST_TEST(s.steps[0].percentile[0] == 0.4, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(s.steps[0].percentile[2] == 2.0);
  BOOST_TEST(s.steps[0].percentile[3] == 3.0);
  BOOST_TEST(!s.steps[1].known);
  BOOST_TEST(!s.steps[2].known);
  const auto half = shown_series(rain({{1}, {kUnknown}}), {});
  BOOST_TEST(half.steps[0].known);
}

BOOST_AUTO_TEST_CASE(unknown_times_are_what_no_value_stands_for) {
  const auto gaps = unknown_times(shown_series(rain({{1, kUnknown, 1}}), {}), {hour(-1), hour(12)});
  BOOST_REQUIRE(gaps.size() == 3);
  BOOST_TEST((gaps[0] == Interval{hour(-1), hour(0)}));
  BOOST_TEST((gaps[1] == Interval{hour(3), hour(6)}));
  BOOST_TEST((gaps[2] == Interval{hour(9), hour(12)}));
  const auto around = unknown_times(shown_series(instants("air_temperature", {{280, 281, kUnknown, 283, 284}}), {}), {hour(0), hour(12)});
  BOOST_REQUIRE(around.size() == 1);
  BOOST_TEST((around[0] == Interval{hour(3), hour(9)}));
}

BOOST_AUTO_TEST_CASE(directions_are_vector_means) {
  const auto mean = mean_directions(instants("wind_from_direction", {{350, 0, kUnknown}, {10, 180, kUnknown}}));
  BOOST_TEST(std::abs(mean[0]) < 1e-4);
  BOOST_TEST(std::isnan(mean[1]));  // they cancel out
  BOOST_TEST(std::isnan(mean[2]));
}

BOOST_AUTO_TEST_CASE(mistakes_name_the_file) {
  const std::string path = test::temporary_folder("meteogram-wrong") + "/m.png";
  const std::vector<PlaceSeries> none, good{rain({{1}})};
  BOOST_CHECK_THROW(draw_meteogram(path, {}, none), Error);
  BOOST_CHECK_THROW(draw_meteogram(path, {}, good, {.width = 20}), Error);
  BOOST_CHECK_THROW(draw_meteogram(path, {}, good, {.utc_offset_minutes = 2000}), Error);
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_SUITE_END()
