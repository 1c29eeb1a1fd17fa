#include "cli/forecast/rain_to_blend.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "products/grid_netcdf.h"
#include "tests/support/test_data.h"

namespace guyu::test {
namespace {
using cli::rain_to_blend;
using cli::RainToBlend;

constexpr std::int64_t kBlendCells = 96;
const TimePoint kBlendRun = parse_time("2024-07-01T00:00:00Z");
TimePoint blend_hour(int h) { return kBlendRun + Seconds(3600 * h); }

Grid blend_grid() { return Grid("+proj=longlat +datum=WGS84 +no_defs", 110, 35, 0.05, 0.05, kBlendCells, kBlendCells); }

// Showers of an hour, mm/h; another hour, others.
Field blend_showers(int hour, std::int64_t shift) {
  Field f(blend_grid(), {});
  for (std::int64_t j = 0; j < kBlendCells; ++j) {
    for (std::int64_t i = 0; i < kBlendCells; ++i) {
      const auto x = static_cast<double>(i + shift), y = static_cast<double>(j);
      const double wave = std::sin(x / 7 + hour) + std::sin(y / 5 - 2 * hour) + std::sin((x + y) / 13 + 0.5 * hour);
      f.view()(j, i) = static_cast<float>(std::max(0.0, 4 * wave));
    }
  }
  f.meta.quantity = quantities::rainfall_rate();
  f.meta.valid = {blend_hour(hour), blend_hour(hour)};
  return f;
}

// A run of hourly amounts, right but for a shift in cells.
std::string blend_run(const std::string& name, int hours, std::int64_t shift) {
  const std::string file = temporary_folder(name) + "/run.nc";
  GridNetcdfWriter writer(file, blend_grid(), {"rain", "test", "", {}, kBlendRun});
  std::vector<Interval> steps;
  for (int h = 1; h <= hours; ++h) steps.push_back({blend_hour(h - 1), blend_hour(h)});
  const std::size_t at = writer.add({"precipitation_amount", "", *find_quantity("precipitation_amount"), TimeKind::accumulation, steps, "surface"});
  for (int h = 1; h <= hours; ++h) {
    const Field rain = blend_showers(h, shift);
    writer.write(at, static_cast<std::size_t>(h - 1), rain.view());
  }
  writer.close();
  return file;
}

RainToBlend blended_with(const std::string& file, const std::vector<int>& frame_hours) {
  std::vector<FieldPtr> frames;
  for (const int h : frame_hours) frames.push_back(std::make_shared<const Field>(blend_showers(h, 0)));
  return rain_to_blend({file}, frames, false, Seconds(2 * 3600), 4);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rain_to_blend_)

BOOST_AUTO_TEST_CASE(steps_that_end_with_the_frames_tell_the_skill_and_only_those_ahead_are_blended) {
  const RainToBlend right = blended_with(blend_run("blend-right", 6, 0), {2, 3, 4}), wrong = blended_with(blend_run("blend-wrong", 6, 40), {2, 3, 4});
  BOOST_REQUIRE(right.problems.empty());
  BOOST_REQUIRE(right.forecast.members.size() == 1U);
  BOOST_REQUIRE(right.forecast.members[0].size() == 2U);
  BOOST_TEST((right.forecast.members[0][0].valid == Interval{blend_hour(4), blend_hour(5)}));
  BOOST_TEST(right.notes.empty());
  for (std::size_t l = 0; l < 2; ++l) BOOST_TEST(right.forecast.skill.correlation[l] > wrong.forecast.skill.correlation[l] + 0.2F);
}

BOOST_AUTO_TEST_CASE(every_frame_that_the_forecast_covers_adds_to_the_evidence) {
  const std::string file = blend_run("blend-frames", 6, 0);
  const ScaleSkill one = blended_with(file, {4}).forecast.skill, three = blended_with(file, {2, 3, 4}).forecast.skill;
  BOOST_TEST(one.evidence[0] > 0);
  BOOST_TEST(three.evidence[0] == 3 * one.evidence[0], boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_run_that_begins_after_the_frames_has_the_skill_of_forecasts_in_general) {
  const RainToBlend none = blended_with(blend_run("blend-later", 6, 0), {0});
  BOOST_REQUIRE(none.notes.size() == 1U);
  BOOST_TEST(none.notes[0].find("skill is that of forecasts in general") != std::string::npos);
  BOOST_TEST(none.forecast.skill.evidence[0] == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
