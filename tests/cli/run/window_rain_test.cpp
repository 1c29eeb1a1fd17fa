// Sums over windows place by place, in whole cycles.
#include "cli/run/window_rain.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "cli/run/cycle.h"
#include "engine/core/atomic_file.h"
#include "products/grid_netcdf.h"
#include "tests/cli/run/small_case.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::SmallCase;
namespace fs = std::filesystem;
namespace {
const TimePoint kWindowStart = parse_time("2024-07-01T00:00:00Z");
TimePoint at_minute(int m) { return kWindowStart + Seconds(60 * m); }

// One rule on rain over a window.
SmallCase case_of(const std::string& name, const std::string& rule, const std::string& config = "") {
  SmallCase c(name);
  write_file_atomically(
      c.data + "/spot.toml",
      "name='spot'\nhazard='rainstorm'\nsource='s'\nedition='e'\nverified=true\nquantity='precipitation_amount'\ncontinuing_within='1 h'\n" + rule);
  write_file_atomically(c.config(), read_text_file(c.config()) + "[rules]\npacks = [\"./spot.toml\"]\n" + config);
  return c;
}
std::string rule(const std::string& statistic, int hours, const std::string& threshold) {
  return "[[rule]]\nlevel='blue'\nstatistic='" + statistic + "'\nwindow='" + std::to_string(hours) + " h'\nthreshold='" + threshold + "'\n";
}
CycleResult cycle_of(const SmallCase& c, TimePoint t, const std::string& out = "", MemberTeam* team = nullptr) {
  CycleOptions options{c.config(), c.data, out.empty() ? c.out : out, t, "", "", {}};
  options.team = team;
  return run_cycle(options);
}
const RiskRow& west_of(const CycleResult& r) { return r.risk.rows.at(0); }
const RiskRow& east_of(const CycleResult& r) { return r.risk.rows.at(1); }

RegionColumn column_of_places(const CycleResult& r, const std::string& name) {
  for (const RegionColumn& c : r.table.columns)
    if (c.name == name) return c;
  return {};
}

// A spot of a tenth of a degree in the western township.
bool in_spot(double x, double y, double from_x = 110.2) { return x > from_x && x < from_x + 0.1 && y > 30.4 && y < 30.5; }
SmallCase::Rate spot(float mm_h, double from_x = 110.2) {
  return [=](double x, double y, TimePoint) { return in_spot(x, y, from_x) ? mm_h : 0.0F; };
}

// An hour's forecast amount, on a coarse grid.
void write_forecast(const SmallCase& c, TimePoint run, int hours, float mm, double known_to_north = 90) {
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 109.95, 31.05, 0.1, 0.1, 12, 12);
  const std::string stamp = to_compact(run);
  std::vector<Interval> steps;
  for (int h = 0; h < hours; ++h) steps.push_back({run + std::chrono::hours(h), run + std::chrono::hours(h + 1)});
  GridNetcdfWriter writer(c.data + "/forecast/f_" + stamp.substr(0, 8) + stamp.substr(9, 2) + ".nc", grid, {"a forecast", "test", "", {}, run});
  const std::size_t rain = writer.add({"precipitation_amount", "rain", quantities::precipitation_amount(), TimeKind::accumulation, steps, "surface"});
  Field f(grid, {quantities::precipitation_amount(), TimeKind::accumulation, steps[0], run, "surface", {}, "", ""});
  for (std::int64_t j = 0; j < grid.ny(); ++j)
    for (std::int64_t i = 0; i < grid.nx(); ++i)
      f.view()(j, i) = grid.y(static_cast<double>(j)) > known_to_north ? std::nanf("") : grid.x(static_cast<double>(i)) < 110.5 ? mm : 0.0F;
  for (std::size_t k = 0; k < steps.size(); ++k) writer.write(rain, k, f.view());
  writer.close();
}
// Gauges of the last hour over both townships; the eastern ones are dry.
void write_gauges(const SmallCase& c, TimePoint t, double west_mm) {
  std::string csv = "station,lon,lat,time,rain_1h [mm]\n";
  for (int k = 0; k < 24; ++k)
    csv += "S" + std::to_string(k) + "," + std::to_string((k < 12 ? 110.14 : 110.54) + 0.11 * (k % 4)) + "," + std::to_string(30.2 + 0.25 * ((k % 12) / 4)) +
           "," + to_iso(t) + "," + std::to_string(k < 12 ? west_mm : 0) + "\n";
  const std::string stamp = to_compact(t);
  write_file_atomically(c.data + "/gauges/g_" + stamp.substr(0, 8) + stamp.substr(9, 4) + ".csv", csv);
}
const std::string kGauges = "[gauges]\npattern = \"gauges/g_%Y%m%d%H%M.csv\"\n";

// A frame on another grid, with the same rain everywhere.
void write_fine_frame(const SmallCase& c, TimePoint t, float mm_h) {
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110.005, 30.995, 0.01, 0.01, 100, 100);
  Field f(grid, {quantities::rainfall_rate(), TimeKind::instant, {t, t}, t, "surface", {}, "", ""});
  for (float& v : f.values()) v = mm_h;
  GridNetcdfWriter writer(c.frame_path(t), grid, {"a frame", "test", "", {}, t});
  writer.write(writer.add({"rainfall_rate", "rain rate", quantities::rainfall_rate(), TimeKind::instant, {{t, t}}, "surface"}), 0, f.view());
  writer.close();
}
const std::string kForecast = "[forecast]\npattern = \"forecast/f_%Y%m%d%H.nc\"\n";
}  // namespace
BOOST_AUTO_TEST_SUITE(window_rain)

BOOST_AUTO_TEST_CASE(the_wettest_place_of_a_township_is_warned_of_where_its_mean_is_harmless) {
  const SmallCase c = case_of("window_max", rule("max", 3, "50 mm"));
  c.frames_of(at_minute(0), at_minute(60), spot(40));
  const CycleResult r = cycle_of(c, at_minute(60));
  BOOST_TEST(r.report.degraded.empty());
  BOOST_TEST((west_of(r).level == Level::blue));
  BOOST_TEST((east_of(r).level == Level::none));
  const Evidence& why = west_of(r).evidence;
  BOOST_TEST(why.observed == 40, boost::test_tools::tolerance(0.01));
  BOOST_TEST(why.observed + why.forecast >= 50);
  BOOST_TEST(why.coverage > 0.99);
  const RegionColumn fell = column_of_places(r, "place_rain_last_3h_max");
  BOOST_REQUIRE(fell.values.size() == 2U);
  BOOST_TEST(fell.values[0] == 40, boost::test_tools::tolerance(0.01F));
  BOOST_TEST(fell.values[1] == 0);
  const SmallCase mean = case_of("window_mean", rule("mean", 3, "50 mm"));
  mean.frames_of(at_minute(0), at_minute(60), spot(40));
  BOOST_TEST((west_of(cycle_of(mean, at_minute(60))).level == Level::none));
}

BOOST_AUTO_TEST_CASE(rain_here_and_then_there_does_not_add_up) {
  const SmallCase c = case_of("window_moving", rule("max", 2, "25 mm"));
  // Twenty millimetres here, then there, and now it is dry; the largest of each hour would make forty.
  c.frames_of(at_minute(0), at_minute(60), spot(20, 110.2));
  c.frames_of(at_minute(65), at_minute(120), spot(20, 110.3));
  c.frames_of(at_minute(125), at_minute(130), spot(0));
  const CycleResult r = cycle_of(c, at_minute(130));
  BOOST_TEST((west_of(r).level == Level::none));
  BOOST_TEST(west_of(r).evidence.observed == 20, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(shares_and_quantiles_are_of_the_sums_of_places) {
  // The spot is 0.01 of 0.32 square degrees: 3 %.
  const auto level = [](const char* statistic, const char* threshold) {
    const SmallCase c = case_of("window_share", rule(statistic, 1, threshold));
    c.frames_of(at_minute(0), at_minute(60), spot(30));
    return west_of(cycle_of(c, at_minute(60))).level;
  };
  BOOST_TEST((level("frac>=25", "0.02") == Level::blue));
  BOOST_TEST((level("frac>=25", "0.05") == Level::none));
  BOOST_TEST((level("frac>=35", "0.02") == Level::none));
  BOOST_TEST((level("p98", "25 mm") == Level::blue));
  BOOST_TEST((level("p90", "1 mm") == Level::none));
}

BOOST_AUTO_TEST_CASE(what_has_been_reached_counts_as_long_as_it_goes_on) {
  const auto level = [](float now) {
    const SmallCase c = case_of("window_over", rule("max", 3, "30 mm"));
    c.frames_of(at_minute(0), at_minute(60), spot(40));
    c.frames_of(at_minute(65), at_minute(90), spot(now));
    return west_of(cycle_of(c, at_minute(90))).level;
  };
  BOOST_TEST((level(5) == Level::blue));
  BOOST_TEST((level(0) == Level::none));
}

BOOST_AUTO_TEST_CASE(lost_frames_leave_no_from_being_said_and_a_yes_stands) {
  const SmallCase c = case_of("window_lost", rule("max", 3, "50 mm"));
  c.frames_of(at_minute(0), at_minute(240), spot(10));
  for (int m = 70; m <= 180; m += 5) fs::remove(c.frame_path(at_minute(m)));
  BOOST_TEST((west_of(cycle_of(c, at_minute(240))).level == Level::unknown));
  const SmallCase wet = case_of("window_lost_wet", rule("max", 3, "50 mm"));
  wet.frames_of(at_minute(0), at_minute(240), spot(60));
  for (int m = 70; m <= 180; m += 5) fs::remove(wet.frame_path(at_minute(m)));
  BOOST_TEST((west_of(cycle_of(wet, at_minute(240))).level == Level::blue));
}

BOOST_AUTO_TEST_CASE(a_cycle_that_goes_on_from_its_state_comes_to_the_same_figures) {
  const SmallCase c = case_of("window_state", rule("max", 6, "200 mm"));
  c.frames_of(at_minute(0), at_minute(330),
              [](double x, double y, TimePoint t) { return in_spot(x, y) ? 10 + static_cast<float>((t - kWindowStart).count() / 300 % 7) * 5 : 1.0F; });
  for (int m = 60; m < 330; m += 30) cycle_of(c, at_minute(m));  // hours are joined on the way
  const CycleResult last = cycle_of(c, at_minute(330)), whole = cycle_of(c, at_minute(330), c.out + "_whole");
  BOOST_TEST(last.report.inputs.size() < whole.report.inputs.size());
  BOOST_TEST(west_of(last).nearness == west_of(whole).nearness);
  BOOST_TEST(west_of(last).evidence.observed == west_of(whole).evidence.observed);
  BOOST_TEST(west_of(last).evidence.observed > 60);
  BOOST_TEST(fs::exists(c.out + "/state/rain_planes.nc"));
  // Done again, it starts from where it started.
  BOOST_TEST(west_of(cycle_of(c, at_minute(330))).evidence.observed == west_of(last).evidence.observed);
}

BOOST_AUTO_TEST_CASE(a_state_without_planes_is_filled_from_the_frames_that_are_still_there) {
  const SmallCase c = case_of("window_new", rule("mean", 2, "30 mm"));
  c.frames_of(at_minute(0), at_minute(120), spot(40));
  cycle_of(c, at_minute(110));
  BOOST_TEST(!fs::exists(c.out + "/state/rain_planes.nc"));
  write_file_atomically(c.data + "/spot.toml", read_text_file(c.data + "/spot.toml") + rule("max", 3, "70 mm"));
  const CycleResult r = cycle_of(c, at_minute(120));
  BOOST_TEST(west_of(r).evidence.observed == 80, boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(radar_on_another_grid_begins_anew_and_says_so) {
  const SmallCase c = case_of("window_grid", rule("max", 3, "50 mm"));
  c.frames_of(at_minute(0), at_minute(60), spot(10));
  cycle_of(c, at_minute(60));
  for (int m = 65; m <= 90; m += 5) write_fine_frame(c, at_minute(m), 1);
  const CycleResult r = cycle_of(c, at_minute(90));
  BOOST_TEST(std::any_of(r.report.notes.begin(), r.report.notes.end(), [](const std::string& n) { return n.find("on another grid") != std::string::npos; }));
  BOOST_TEST((west_of(r).level == Level::unknown));
}

BOOST_AUTO_TEST_CASE(the_forecast_goes_on_where_the_extrapolation_ends) {
  const SmallCase c = case_of("window_forecast", rule("max", 6, "58 mm"), kForecast + "[ensemble]\nmembers = 0\n");
  c.frames_of(at_minute(0), at_minute(60), spot(20));
  write_forecast(c, at_minute(60), 8, 5);
  const CycleResult r = cycle_of(c, at_minute(60));
  // An hour was observed and one is extrapolated at 20 mm, then 5 mm an hour come.
  BOOST_TEST((west_of(r).level == Level::blue));
  BOOST_TEST(west_of(r).evidence.observed == 20, boost::test_tools::tolerance(0.01));
  BOOST_TEST(west_of(r).evidence.forecast == 40, boost::test_tools::tolerance(0.03));
  BOOST_TEST((east_of(r).level == Level::none));
  const RegionColumn next = column_of_places(r, "place_rain_next_6h_max");
  BOOST_REQUIRE(next.values.size() == 2U);
  BOOST_TEST(next.values[0] == 45, boost::test_tools::tolerance(0.03F));  // an hour of 20 mm, five of 5 mm
  BOOST_TEST(next.coverage[0] > 0.99F);
}

BOOST_AUTO_TEST_CASE(without_any_radar_the_forecast_is_summed_up_on_its_own_grid) {
  const SmallCase c = case_of("window_no_radar", rule("max", 3, "14 mm"), kForecast);
  write_forecast(c, at_minute(60), 8, 5);
  const CycleResult r = cycle_of(c, at_minute(60));
  BOOST_TEST((west_of(r).level == Level::blue));
  BOOST_TEST(west_of(r).evidence.forecast == 15, boost::test_tools::tolerance(0.01));
  BOOST_TEST((east_of(r).level == Level::unknown));  // the hour before the issue time may have had it all
}

BOOST_AUTO_TEST_CASE(what_the_forecast_lacks_of_a_township_is_not_known_to_be_dry) {
  const SmallCase c = case_of("window_holes", rule("max", 3, "40 mm") + rule("frac>=1", 1, "90 %"), kForecast);
  // Of the western township the forecast lacks the north.
  write_forecast(c, at_minute(60), 8, 5, 30.5);
  const CycleResult r = cycle_of(c, at_minute(60));
  BOOST_TEST((west_of(r).level == Level::unknown));
  const RegionColumn next = column_of_places(r, "place_rain_next_3h_max");
  BOOST_REQUIRE(next.coverage.size() == 2U);
  BOOST_TEST(next.values[0] == 15, boost::test_tools::tolerance(0.01F));
  BOOST_TEST(next.coverage[0] < 0.7F);
}

BOOST_AUTO_TEST_CASE(what_is_to_come_is_not_dry_because_the_past_was) {
  const SmallCase c = case_of("window_dry_before", rule("max", 6, "40 mm"), kForecast);
  std::string text = read_text_file(c.config());
  text.replace(text.find("2024-07-01T00:00:00Z"), 20, "2024-07-03T00:00:00Z");
  write_file_atomically(c.config(), text);
  write_forecast(c, at_minute(60), 3, 5);  // ends before the rule does
  BOOST_TEST((west_of(cycle_of(c, at_minute(60))).level == Level::unknown));
}

BOOST_AUTO_TEST_CASE(a_rule_that_looks_further_than_the_run_answers_for_the_run_at_any_issue_time) {
  const SmallCase c = case_of("window_horizon", rule("max", 3, "50 mm"), "[ensemble]\nmembers = 0\n");
  c.frames_of(at_minute(0), at_minute(65), spot(0));
  BOOST_TEST((west_of(cycle_of(c, at_minute(65))).level == Level::none));  // an hour is extrapolated
}

BOOST_AUTO_TEST_CASE(means_quantiles_of_members_and_of_places_have_names_of_their_own) {
  const SmallCase c =
      case_of("window_names", rule("mean", 1, "50 mm") + "name='places'\n[[rule]]\nlevel='yellow'\nstatistic='p90'\nwindow='1 h'\nthreshold='60 mm'\n",
              "[ensemble]\nmembers = 4\n");
  c.frames_of(at_minute(0), at_minute(60), spot(10));
  const CycleResult r = cycle_of(c, at_minute(60));
  BOOST_TEST(r.report.degraded.empty());
  BOOST_TEST(fs::exists(r.folder + "/townships.nc"));
  BOOST_TEST(column_of_places(r, "rain_next_1h_p90").values.size() == 2U);
  BOOST_TEST(column_of_places(r, "place_rain_next_1h_p90").values.size() == 2U);
}

BOOST_AUTO_TEST_CASE(after_a_change_of_the_radars_grid_rain_is_kept_from_cycle_to_cycle) {
  const SmallCase c = case_of("window_grids", rule("max", 1, "50 mm"), "[ensemble]\nmembers = 0\n");
  c.frames_of(at_minute(0), at_minute(60), spot(6));
  cycle_of(c, at_minute(60));
  float before = 0;
  for (int m = 65; m <= 110; m += 5) {
    write_fine_frame(c, at_minute(m), 12);
    if (m == 65) continue;  // a frame alone
    const CycleResult r = cycle_of(c, at_minute(m));
    const RegionColumn last = column_of_places(r, "place_rain_last_1h_max");
    BOOST_REQUIRE(last.values.size() == 2U);
    BOOST_TEST(last.values[0] == before + 1, boost::test_tools::tolerance(0.01F));
    before = last.values[0];
  }
}

BOOST_AUTO_TEST_CASE(rain_is_not_doubled_where_gauges_have_seen_more_than_the_radar) {
  const SmallCase c = case_of("window_late_radar", rule("max", 1, "90 mm"), kGauges + "[ensemble]\nmembers = 0\n");
  c.frames(at_minute(0), at_minute(40), 20);
  write_gauges(c, at_minute(60), 20);
  const CycleResult r = cycle_of(c, at_minute(60));
  const RegionColumn last = column_of_places(r, "place_rain_last_1h_max");
  BOOST_REQUIRE(last.values.size() == 2U);
  BOOST_TEST(std::abs(last.values[0] - 20) < 2);
}

BOOST_AUTO_TEST_CASE(a_pack_that_begins_to_ask_has_the_past_as_gauges_set_it_right) {
  const SmallCase c = case_of("window_gauges_later", rule("mean", 3, "90 mm"), kGauges);
  c.frames(at_minute(0), at_minute(120), 10);
  write_gauges(c, at_minute(60), 20);
  cycle_of(c, at_minute(60));
  write_file_atomically(c.data + "/spot.toml", read_text_file(c.data + "/spot.toml") + rule("max", 2, "90 mm"));
  write_gauges(c, at_minute(120), 20);
  const CycleResult r = cycle_of(c, at_minute(120));
  const RegionColumn last = column_of_places(r, "place_rain_last_2h_max");
  BOOST_REQUIRE(last.values.size() == 2U);
  BOOST_TEST(std::abs(last.values[0] - 40) < 4);
}

BOOST_AUTO_TEST_CASE(gauges_set_places_right_too) {
  const SmallCase c = case_of("window_gauges", rule("max", 3, "25 mm"), kGauges);
  c.frames(at_minute(0), at_minute(60), 10);
  write_gauges(c, at_minute(60), 20);
  const CycleResult r = cycle_of(c, at_minute(60));
  // 20 mm fell by the gauges, half of that by the radar.
  BOOST_TEST(std::abs(west_of(r).evidence.observed - 20) < 3);
  BOOST_TEST(fs::exists(c.out + "/state/gauge_planes.nc"));
}

BOOST_AUTO_TEST_CASE(members_are_summed_up_each_by_itself_and_alike_by_whoever_makes_them) {
  const std::string ensemble = "[ensemble]\nmembers = 4\n";
  const auto showers = [](double x, double y, TimePoint t) {
    const double drift = 0.002 * static_cast<double>((t - kWindowStart).count()) / 300;
    const double a = std::hypot(x - drift - 110.25, y - 30.5), b = std::hypot(x - drift - 110.6, y - 30.7);
    return static_cast<float>(45 * std::exp(-a * a / 0.01) + 30 * std::exp(-b * b / 0.02));
  };
  const SmallCase c = case_of("window_members", rule("max", 3, "60 mm") + rule("p90", 1, "40 mm"), ensemble);
  c.frames_of(at_minute(0), at_minute(60), showers);
  const CycleResult r = cycle_of(c, at_minute(60));
  BOOST_REQUIRE(r.report.degraded.empty());
  BOOST_TEST(r.report.ranks.at(0).members == 4);
  // Jobs of their own make the members beforehand; the run then makes none, and says the same.
  const std::string out = c.out + "_group";
  CycleOptions options{c.config(), c.data, out, at_minute(60), "", "", {}};
  fs::create_directories(out);
  run_members_of_cycle(options, {0, 1}, "one");
  run_members_of_cycle(options, {2, 3}, "two");
  const CycleResult again = run_cycle(options);
  BOOST_TEST(again.report.ranks.empty());
  for (std::size_t k = 0; k < r.risk.rows.size(); ++k) {
    BOOST_TEST(again.risk.rows[k].nearness == r.risk.rows[k].nearness);
    BOOST_TEST(again.risk.rows[k].probability == r.risk.rows[k].probability, boost::test_tools::per_element());
  }
  // Likewise when they start from an earlier state than the run: it is the same rain.
  const std::string early = c.out + "_early", late = c.out + "_late";
  const SmallCase old = case_of("window_members_old", rule("max", 6, "60 mm"), ensemble);
  old.frames_of(at_minute(0), at_minute(330), showers);
  cycle_of(old, at_minute(200), late);
  fs::copy(late, early, fs::copy_options::recursive);
  cycle_of(old, at_minute(265), late);
  run_members_of_cycle({old.config(), old.data, early, at_minute(330), "", "", {}}, {0, 1, 2, 3}, "one");
  fs::copy(early + "/work", late + "/work", fs::copy_options::recursive);
  const CycleResult from_late = cycle_of(old, at_minute(330), late);
  BOOST_TEST(from_late.report.degraded.empty());
  BOOST_TEST(from_late.report.ranks.empty());
  // The largest sum of a place is no less than the mean's, in the future that stands for all.
  const SmallCase mean = case_of("window_members_mean", rule("mean", 3, "60 mm"), ensemble);
  mean.frames_of(at_minute(0), at_minute(60), showers);
  BOOST_TEST(west_of(r).nearness > west_of(cycle_of(mean, at_minute(60))).nearness);
}

BOOST_AUTO_TEST_SUITE_END()
