// A cycle that decides several hazards.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "cli/run/cycle.h"
#include "engine/core/atomic_file.h"
#include "products/region_series_netcdf.h"
#include "tests/cli/run/small_case.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::SmallCase;
namespace {
const TimePoint kBegin = parse_time("2024-07-01T00:00:00Z");
TimePoint hour(int h) { return kBegin + std::chrono::hours(h); }

// Hourly wind of the western township with a storm in one hour of all members but the first; gusts are quiet; the eastern one is calm.
void write_weather(const SmallCase& c, TimePoint run, int storm_hour, float storm) {
  const RegionSet towns{"EPSG:4326", {{"110000000002", "east", "", {}}, {"110000000001", "west", "", {}}}, {}};  // in another order than the cycle's
  std::vector<Interval> steps;
  for (int h = 1; h <= 30; ++h) steps.push_back({run + std::chrono::hours(h), run + std::chrono::hours(h)});
  const std::vector<std::optional<int>> members{0, 1, 2, 3};
  const std::string stamp = to_compact(run);
  std::filesystem::create_directories(c.data + "/series");
  RegionSeriesWriter writer(c.data + "/series/" + stamp.substr(0, 8) + stamp.substr(9, 2) + ".nc", towns,
                            {{"wind", "w", *find_quantity("wind_speed"), "10 m", TimeKind::instant, steps, members},
                             {"gust", "g", *find_quantity("wind_speed_of_gust"), "10 m", TimeKind::instant, steps, members}},
                            {"series", "test", "", {}, run});
  for (std::size_t m = 0; m < 4; ++m)
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const bool stormy = steps[k].end == hour(storm_hour) && m > 0;
      writer.write(0, m, k, std::vector<float>{3, stormy ? storm : 3.0F}, std::vector<float>{1, 1});
      writer.write(1, m, k, std::vector<float>{5, 5}, std::vector<float>{1, 1});
    }
  writer.close();
}

void configure(const SmallCase& c, const std::string& rules) {
  std::string text = read_text_file(c.config());
  write_file_atomically(c.config(), text + rules);
}
CycleResult decided(const SmallCase& c, TimePoint t) { return run_cycle({c.config(), c.data, c.out, t, "", "", {}}); }
std::string level_of(const CycleResult& r, const std::string& hazard, std::size_t region) {
  for (const RiskRow& row : r.risk.rows)
    if (row.hazard == hazard && row.region == region) return std::string(to_string(row.level));
  return "";
}
const RegionColumn* column_of(const CycleResult& r, const std::string& name) {
  for (const RegionColumn& c : r.table.columns)
    if (c.name == name) return &c;
  return nullptr;
}
bool told(const std::vector<std::string>& notes, const std::string& words) {
  return std::any_of(notes.begin(), notes.end(), [&](const std::string& n) { return n.find(words) != std::string::npos; });
}
const std::string kPacks = "[rules]\npacks = [\"cma_2007_rainstorm\", \"cma_2007_gale\", \"gbt_28592_rain_12h\"]\n";
}  // namespace
BOOST_AUTO_TEST_SUITE(cycle_hazards)

BOOST_AUTO_TEST_CASE(a_cycle_of_grades_alone_needs_no_words) {
  const SmallCase c("cycle_grades");
  configure(c, "[rules]\npack = \"gbt_28592_rain_12h\"\n");
  c.frames(hour(0), hour(1), 40);
  const CycleResult r = decided(c, hour(1));
  BOOST_TEST(r.report.degraded.empty());
  BOOST_TEST(level_of(r, "rain_grade_12h", 0) == "Red");
  BOOST_TEST(r.report.alerts.empty());
}

BOOST_AUTO_TEST_CASE(each_hazard_is_decided_by_its_own_series_and_warned_of_in_its_own_words) {
  const SmallCase c("cycle_hazards");
  configure(c, kPacks + "[weather]\npattern = \"series/%Y%m%d%H.nc\"\n");
  c.frames(hour(0), hour(1), 40);
  write_weather(c, hour(0), 8, 18);
  const CycleResult r = decided(c, hour(1));
  BOOST_TEST(level_of(r, "rainstorm", 0) == "Orange");
  BOOST_TEST(level_of(r, "rainstorm", 1) == "None");
  BOOST_TEST(level_of(r, "gale", 0) == "Yellow");  // 18 m/s within 12 h in three of four futures
  BOOST_TEST(level_of(r, "gale", 1) == "None");
  BOOST_TEST(level_of(r, "rain_grade_12h", 0) == "Red");
  for (const RiskRow& row : r.risk.rows)
    if (row.hazard == "gale" && row.region == 0) BOOST_TEST(row.probability[1] == 0.75F);
  // Counted by hazard, and all together.
  const auto count = [](const RunReport::LevelCounts& counts, const std::string& level) {
    for (const auto& [name, n] : counts)
      if (name == level) return n;
    return std::int64_t{-1};
  };
  BOOST_REQUIRE(r.report.hazard_levels.size() == 3U);
  BOOST_TEST(r.report.hazard_levels[0].first == "gale");
  BOOST_TEST(count(r.report.hazard_levels[0].second, "Yellow") == 1);
  BOOST_TEST(count(r.report.hazard_levels[0].second, "None") == 1);
  BOOST_TEST(count(r.report.hazard_levels[0].second, "Orange") == 0);
  BOOST_TEST(count(r.report.level_counts, "None") == 3);
  // Grades are no warnings.
  BOOST_REQUIRE(r.report.alerts.size() == 2U);
  std::string words;
  for (const auto& a : r.report.alerts) words += read_text_file(c.out + "/cap/" + a.identifier + ".xml");
  BOOST_TEST(words.find("<event>大风</event>") != std::string::npos);
  BOOST_TEST(words.find("<event>暴雨</event>") != std::string::npos);
  BOOST_TEST(words.find("<event>Gale</event>") != std::string::npos);
  for (const char* map : {"/levels_gale.png", "/levels_rainstorm.png", "/levels_rain_grade_12h.png"}) BOOST_TEST(std::filesystem::exists(r.folder + map), map);
}

BOOST_AUTO_TEST_CASE(without_weather_its_hazards_are_unknown_and_the_report_says_why) {
  const SmallCase c("cycle_no_weather");
  configure(c, kPacks + "[weather]\npattern = \"series/%Y%m%d%H.nc\"\n");
  c.frames(hour(0), hour(1), 40);
  const CycleResult r = decided(c, hour(1));
  BOOST_TEST(level_of(r, "rainstorm", 0) == "Orange");
  BOOST_TEST(level_of(r, "gale", 0) == "Unknown");
  BOOST_TEST(told(r.report.degraded, "weather"));
  BOOST_TEST(told(r.report.notes, "gale.blue.24h can never hold with these inputs: nothing gives wind_speed, wind_speed_of_gust"));
  // A run that is too old says nothing.
  write_weather(c, hour(-30), 8, 18);
  BOOST_TEST(level_of(decided(c, hour(2)), "gale", 0) == "Unknown");
}

BOOST_AUTO_TEST_CASE(the_newest_run_counts_and_what_it_does_not_reach_back_to_older_ones_fill) {
  const SmallCase c("cycle_two_runs");
  configure(c, kPacks + "[weather]\npattern = \"series/%Y%m%d%H.nc\"\n");
  c.frames(hour(0), hour(7), 0);
  write_weather(c, hour(0), 9, 40);
  write_weather(c, hour(6), 29, 11);  // the newer run has no storm at 9 h, but a small one at 29 h
  BOOST_TEST(level_of(decided(c, hour(7)), "gale", 0) == "Blue");
}

BOOST_AUTO_TEST_CASE(packs_may_ask_for_any_statistic_that_the_series_hold) {
  const SmallCase c("cycle_statistics");
  c.frames(hour(0), hour(1), 0);
  const RegionSet towns{"EPSG:4326", {{"110000000001", "west", "", {}}, {"110000000002", "east", "", {}}}, {}};
  std::vector<Interval> steps;
  for (int h = 1; h <= 30; ++h) steps.push_back({hour(h), hour(h)});
  std::filesystem::create_directories(c.data + "/series");
  RegionSeriesWriter writer(c.data + "/series/2024070100.nc", towns,
                            {{"wind", "w", *find_quantity("wind_speed"), "10 m", TimeKind::instant, steps, {{}}},
                             {"wind_max", "w", *find_quantity("wind_speed"), "10 m", TimeKind::instant, steps, {{}}, "max"}},
                            {"series", "test", "", {}, hour(0)});
  for (std::size_t k = 0; k < steps.size(); ++k) {
    writer.write(0, 0, k, std::vector<float>{3, 3}, std::vector<float>{1, 1});
    writer.write(1, 0, k, std::vector<float>{18, 3}, std::vector<float>{1, 1});  // a ridge in the west
  }
  writer.close();
  for (const char* statistic : {"mean", "max", "p90"})
    write_file_atomically(c.data + "/" + statistic + ".toml", std::string("name='x'\nhazard='gale'\nsource='s'\nedition='e'\nverified=true\nstatistic='") +
                                                                  statistic +
                                                                  "'\n[[rule]]\nlevel='yellow'\nquantity='wind_speed'\nthreshold='17.2 m/s'\nwithin='12 h'\n");
  const std::string plain = read_text_file(c.config());
  const auto level = [&](const char* statistic, std::size_t region) {
    write_file_atomically(c.config(), plain + "[rules]\npacks = [\"" + statistic + ".toml\"]\n[weather]\npattern = \"series/%Y%m%d%H.nc\"\n");
    return level_of(run_cycle({c.config(), c.data, c.out + statistic, hour(1), "", "", {}}), "gale", region);
  };
  BOOST_TEST(level("mean", 0) == "None");
  BOOST_TEST(level("max", 0) == "Yellow");
  BOOST_TEST(level("max", 1) == "None");
  BOOST_TEST(level("p90", 0) == "Unknown");  // the file has none
}

BOOST_AUTO_TEST_CASE(a_pack_that_is_not_yet_in_force_is_told) {
  const SmallCase c("cycle_effective");
  c.frames(hour(0), hour(1), 0);
  const std::string plain = read_text_file(c.config());
  const auto says_so = [&](const char* day) {
    write_file_atomically(c.data + "/p.toml", std::string("name='Next year'\nhazard='rainstorm'\nsource='s'\nedition='e'\nverified=true\neffective='") + day +
                                                  "'\n[[rule]]\nlevel='yellow'\nwindow='1 h'\nthreshold='20 mm'\n");
    write_file_atomically(c.config(), plain + "[rules]\npack = \"p.toml\"\n");
    return told(run_cycle({c.config(), c.data, c.out + day, hour(1), "", "", {}}).report.notes, "comes into force on");
  };
  BOOST_TEST(!says_so("2024-07-01"));  // today
  BOOST_TEST(says_so("2024-07-02"));
}

BOOST_AUTO_TEST_CASE(hazards_at_once_and_risk_stand_in_the_township_files) {
  const SmallCase c("cycle_joint");
  write_file_atomically(c.data + "/people.csv", "code,people\n110000000001,5000\n110000000002,10\n");
  write_file_atomically(
      c.data + "/gale.toml",
      "name='g'\nhazard='gale'\nsource='s'\nedition='e'\nverified=true\n"
      "[[risk]]\nattribute='people'\nbounds=['1000']\nblue=['none','yellow']\nyellow=['blue','red']\norange=['yellow','red']\nred=['orange','red']\n"
      "[[rule]]\nlevel='yellow'\nquantity='wind_speed'\nthreshold='8 Bft'\nwithin='12 h'\n");
  std::string text = read_text_file(c.config());
  const std::string key = "parent = \"county\"\n";
  text.insert(text.find(key) + key.size(), "attribute_tables = [\"people.csv\"]\n");
  write_file_atomically(c.config(), text +
                                        "[rules]\npacks = [\"cma_2007_rainstorm\", \"gale.toml\"]\n[weather]\npattern = \"series/%Y%m%d%H.nc\"\n"
                                        "[[joint]]\nname = \"storm\"\nhazards = [\"rainstorm\", \"gale\"]\n");
  c.frames(hour(0), hour(1), 40);
  write_weather(c, hour(0), 8, 18);
  const CycleResult r = decided(c, hour(1));
  const RegionColumn *joint = column_of(r, "joint_storm"), *risk = column_of(r, "risk_gale");
  BOOST_REQUIRE(joint);
  BOOST_TEST(joint->values[0] > 0.5F);
  BOOST_TEST(joint->values[1] == 0.0F);
  BOOST_REQUIRE(risk);
  BOOST_TEST(risk->values[0] == 4.0F);
  BOOST_TEST(risk->values[1] == 0.0F);
}

BOOST_AUTO_TEST_SUITE_END()
