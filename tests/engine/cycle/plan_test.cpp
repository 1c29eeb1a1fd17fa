#include "engine/cycle/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace guyu;

namespace {
const TimePoint kIssue = parse_time("2024-07-01T03:00:00Z");

PlanSettings settings() {
  PlanSettings s;
  s.radar_pattern = "r%Y%m%d%H%M";
  s.radar_interval = Seconds(300);
  s.late_after = Seconds(450);
  s.history = Seconds(3600);
  return s;
}

// Frames at the given minutes before the issue time.
std::vector<InventoryItem> frames(std::initializer_list<int> minutes_before) {
  std::vector<InventoryItem> all;
  for (const int m : minutes_before) all.push_back({kIssue - Seconds(60 * m), fmt::format("r{:03}", m)});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  return all;
}
bool nothing_known(const Interval&) { return false; }
std::size_t for_rain(const CyclePlan& p) {
  return static_cast<std::size_t>(std::count_if(p.frames.begin(), p.frames.end(), [](const PlannedFrame& f) { return f.for_rain; }));
}
}  // namespace

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(frames_after_the_issue_time_do_not_count) {
  const CyclePlan p = make_plan(settings(), kIssue, frames({-5, 0, 5, 10}), {}, nothing_known);
  BOOST_REQUIRE(!p.frames.empty());
  BOOST_TEST((p.frames.back().item.time == kIssue));
}

BOOST_AUTO_TEST_CASE(a_frame_whose_rain_is_known_is_not_read_again_for_it) {
  const auto known = [](const Interval& i) { return i.end < kIssue; };
  const CyclePlan p = make_plan(settings(), kIssue, frames({0, 5, 10, 15, 20, 25, 30}), {}, known);
  BOOST_TEST(for_rain(p) == 1U);
  BOOST_TEST(p.already_known == 6U);
  BOOST_TEST(p.frames.size() <= 3U);  // the new one, its neighbour, and what motion needs
}

BOOST_AUTO_TEST_CASE(a_missing_frame_and_a_late_one_are_named) {
  const CyclePlan gap = make_plan(settings(), kIssue, frames({0, 5, 20, 25}), {}, nothing_known);
  BOOST_REQUIRE(gap.degraded.size() == 1U);
  BOOST_TEST(gap.degraded[0].find("2 frames are missing") != std::string::npos);
  const CyclePlan late = make_plan(settings(), kIssue, frames({10, 15, 20}), {}, nothing_known);
  BOOST_REQUIRE(late.degraded.size() == 1U);
  BOOST_TEST(late.degraded[0].find("10 min old") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_frame_that_is_too_old_is_not_extrapolated) {
  const CyclePlan p = make_plan(settings(), kIssue, frames({40, 45, 50}), {}, nothing_known);
  for (const PlannedFrame& f : p.frames) BOOST_TEST(!f.for_motion);
  BOOST_TEST(for_rain(p) == 3U);
}

BOOST_AUTO_TEST_CASE(no_frame_at_all_is_a_degraded_run_and_not_an_error) {
  const CyclePlan p = make_plan(settings(), kIssue, {}, {}, nothing_known);
  BOOST_TEST(p.frames.empty());
  BOOST_TEST(p.degraded.size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_two_files_of_one_time_the_later_name_corrects_the_earlier) {
  std::vector<InventoryItem> radar{{kIssue, "a"}, {kIssue, "b"}};
  const CyclePlan p = make_plan(settings(), kIssue, radar, {}, nothing_known);
  BOOST_REQUIRE(p.frames.size() == 1U);
  BOOST_TEST(p.frames[0].item.path == "b");
}

BOOST_AUTO_TEST_CASE(the_newest_forecast_run_comes_first_and_one_not_yet_there_or_too_old_not_at_all) {
  PlanSettings s = settings();
  s.forecast_pattern = "f%Y%m%d%H";
  s.forecast_delay = Seconds(3600 * 2);
  s.forecast_max_age = Seconds(3600 * 12);
  std::vector<InventoryItem> runs;
  for (const int h : {-13, -9, -3, -1}) {
    runs.push_back({kIssue + Seconds(3600 * h), fmt::format("f{}a", h)});
    runs.push_back({kIssue + Seconds(3600 * h), fmt::format("f{}b", h)});
  }
  const CyclePlan p = make_plan(s, kIssue, frames({0, 5}), runs, nothing_known);
  BOOST_REQUIRE(p.forecasts.size() == 2U);
  BOOST_TEST((p.forecasts[0].front().time == kIssue - Seconds(3600 * 3)));
  BOOST_TEST(p.forecasts[0].size() == 2U);
  BOOST_TEST(p.forecasts[0][0].path == "f-3a");
}

BOOST_AUTO_TEST_CASE(the_plan_can_be_read_by_people) {
  const std::string text = make_plan(settings(), kIssue, frames({0, 5}), {}, nothing_known).describe();
  BOOST_TEST(text.find("2024-07-01T03:00:00Z") != std::string::npos);
  BOOST_TEST(text.find("r000") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
