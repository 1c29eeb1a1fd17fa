#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "cli/run/cycle.h"
#include "engine/core/atomic_file.h"
#include "tests/cli/run/small_case.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::SmallCase;

namespace {
const TimePoint kGaugeStart = parse_time("2024-07-01T00:00:00Z");
TimePoint gauge_minute(int m) { return kGaugeStart + Seconds(60 * m); }

// Twelve gauges over each township, all with the same hourly rain there.
void stations(const SmallCase& c, TimePoint t, double west_mm, double east_mm) {
  std::string csv = "station,lon,lat,time,rain_1h [mm]\n";
  for (int k = 0; k < 24; ++k) {
    const bool west = k < 12;
    const double x = (west ? 110.14 : 110.54) + 0.11 * (k % 4), y = 30.2 + 0.25 * ((k % 12) / 4);
    csv += fmt::format("S{:03},{:.3f},{:.3f},{},{:.1f}\n", k, x, y, to_iso(t), (west ? west_mm : east_mm) * (1 + 0.01 * (k % 5)));
  }
  const std::string stamp = to_compact(t);
  write_file_atomically(c.data + "/gauges/g_" + stamp.substr(0, 8) + stamp.substr(9, 4) + ".csv", csv);
}

SmallCase with_gauges_config(const std::string& name) {
  SmallCase c(name);
  write_file_atomically(c.config(), read_text_file(c.config()) + "[gauges]\npattern = \"gauges/g_%Y%m%d%H%M.csv\"\n");
  return c;
}

CycleResult run_gauges_cycle(const SmallCase& c, TimePoint t) { return run_cycle({c.config(), c.data, c.out, t, "", "", {}}); }

bool has_note(const std::vector<std::string>& notes, const std::string& words) {
  return std::any_of(notes.begin(), notes.end(), [&](const std::string& n) { return n.find(words) != std::string::npos; });
}
}  // namespace

BOOST_AUTO_TEST_SUITE(gauges_in_a_cycle)

BOOST_AUTO_TEST_CASE(gauges_set_the_radar_right_and_their_scores_are_told) {
  const SmallCase c = with_gauges_config("gauges_merge");
  c.frames(gauge_minute(0), gauge_minute(60), 10);
  stations(c, gauge_minute(60), 20, 0);
  const CycleResult r = run_gauges_cycle(c, gauge_minute(60));
  BOOST_TEST(r.report.degraded.empty());
  // The radar alone has 10 mm.
  BOOST_TEST(std::abs(r.risk.rows[0].evidence.observed - 20) < 2);
  BOOST_REQUIRE(!r.report.gauge_scores.empty());
  BOOST_TEST(r.report.to_json().find("gauges_left_out") != std::string::npos);
  BOOST_TEST(has_note(r.report.notes, "24 stations, 24 of 24 values kept"));
}

BOOST_AUTO_TEST_CASE(without_radar_gauges_extend_what_is_observed) {
  const SmallCase c = with_gauges_config("gauges_alone");
  stations(c, gauge_minute(60), 60, 0);
  const CycleResult r = run_gauges_cycle(c, gauge_minute(60));
  // 60 mm in an hour is reached, whatever comes: 50 mm in 3 h. Nothing is known of what is to come over the eastern township.
  BOOST_TEST((r.risk.rows[0].level >= Level::orange));
  // Kriging passes from 60 mm to none over the border, so that the mean of the western township is somewhat less.
  BOOST_TEST((r.risk.rows[0].evidence.observed > 48 && r.risk.rows[0].evidence.observed < 62));
  BOOST_TEST((r.risk.rows[1].level == Level::unknown));
  BOOST_TEST(has_note(r.report.notes, "no radar for their time"));
}

BOOST_AUTO_TEST_CASE(a_missing_gauge_file_degrades_and_ends_nothing) {
  const SmallCase c = with_gauges_config("gauges_missing");
  c.frames(gauge_minute(0), gauge_minute(60), 40);
  const CycleResult r = run_gauges_cycle(c, gauge_minute(60));
  BOOST_TEST((r.risk.rows[0].level == Level::orange));
  BOOST_TEST(has_note(r.report.degraded, "gauges: "));
}

BOOST_AUTO_TEST_CASE(the_second_cycle_takes_what_the_first_has_merged) {
  const SmallCase c = with_gauges_config("gauges_twice");
  c.frames(gauge_minute(0), gauge_minute(65), 10);
  stations(c, gauge_minute(60), 20, 0);
  const double first = run_gauges_cycle(c, gauge_minute(60)).risk.rows[0].evidence.observed;
  const CycleResult second = run_gauges_cycle(c, gauge_minute(65));
  // Five minutes of radar, 10 mm/h, come on top.
  BOOST_TEST(second.risk.rows[0].evidence.observed == first + 10.0 / 12, boost::test_tools::tolerance(0.02));
  BOOST_TEST(second.report.gauge_scores.empty());
}

BOOST_AUTO_TEST_CASE(an_hour_of_gauges_alone_is_merged_again_when_its_radar_comes) {
  const SmallCase late = with_gauges_config("gauges_late"), in_time = with_gauges_config("gauges_in_time");
  for (const SmallCase* c : {&late, &in_time}) stations(*c, gauge_minute(60), 20, 0);
  in_time.frames(gauge_minute(0), gauge_minute(65), 10);
  BOOST_TEST(has_note(run_gauges_cycle(late, gauge_minute(60)).report.notes, "no radar for their time"));
  run_gauges_cycle(in_time, gauge_minute(60));
  // A part of the hour's frames does not fill it: the gauges stay alone, and that is not looked at twice.
  late.frames(gauge_minute(0), gauge_minute(20), 10);
  BOOST_TEST(!has_note(run_gauges_cycle(late, gauge_minute(62)).report.notes, "merged again"));
  late.frames(gauge_minute(25), gauge_minute(65), 10);
  const CycleResult merged = run_gauges_cycle(late, gauge_minute(65)), expected = run_gauges_cycle(in_time, gauge_minute(65));
  BOOST_TEST(has_note(merged.report.notes, "1 intervals of gauges alone were merged again"));
  BOOST_TEST(!merged.report.gauge_scores.empty());
  BOOST_TEST(merged.risk.rows[0].evidence.observed == expected.risk.rows[0].evidence.observed, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(run_gauges_cycle(late, gauge_minute(66)).report.gauge_scores.empty());
}

BOOST_AUTO_TEST_SUITE_END()
