// From forecast grids through guyu forecast to what a cycle decides of them.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "cli/run/cycle.h"
#include "engine/core/atomic_file.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/run/small_case.h"

namespace guyu::test {
namespace {

const TimePoint kSeriesStart = parse_time("2024-07-01T00:00:00Z");
TimePoint hours_on(int h) { return kSeriesStart + std::chrono::hours(h); }
const Grid kSeriesModel("+proj=longlat +datum=WGS84 +no_defs", 110.05, 30.95, 0.1, 0.1, 10, 10);

// Hourly steps of a run, made by guyu forecast into the folder that cycles read weather from.
template <class Value>
void write_run(const SmallCase& c, TimePoint run, const char* quantity, const char* level, int hours, const std::vector<std::string>& more, Value value) {
  const std::string file = c.data + "/grids.nc", stamp = to_compact(run);
  std::vector<Interval> steps;
  for (int h = 1; h <= hours; ++h) steps.push_back({run + std::chrono::hours(h), run + std::chrono::hours(h)});
  GridNetcdfWriter writer(file, kSeriesModel, {"a forecast", "test", "", {}, run});
  const std::size_t at = writer.add({quantity, "", *find_quantity(quantity), TimeKind::instant, steps, level});
  for (std::size_t t = 0; t < steps.size(); ++t) {
    Field f(kSeriesModel, {});
    for (std::int64_t j = 0; j < kSeriesModel.ny(); ++j)
      for (std::int64_t i = 0; i < kSeriesModel.nx(); ++i) f.view()(j, i) = static_cast<float>(value(kSeriesModel.x(static_cast<double>(i)), steps[t].end));
    writer.write(at, t, std::as_const(f).view());
  }
  writer.close();
  std::filesystem::create_directories(c.data + "/series");
  std::vector<std::string> words{"forecast",    file,
                                 "--regions",   c.data + "/towns.geojson",
                                 "--code",      "code",
                                 "--variables", std::string(quantity) + "@" + level,
                                 "--out",       c.data + "/series/" + stamp.substr(0, 8) + stamp.substr(9, 2) + ".nc"};
  words.insert(words.end(), more.begin(), more.end());
  const Said said = guyu_said(words);
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
}

std::string level_told(const cli::CycleResult& r, const std::string& hazard, std::size_t region) {
  for (const RiskRow& row : r.risk.rows)
    if (row.hazard == hazard && row.region == region) return std::string(to_string(row.level));
  return "";
}

cli::CycleResult decide(const SmallCase& c, const std::string& packs, TimePoint issue, const std::string& out) {
  const std::string text = read_text_file(c.config()), plain = text.substr(0, text.find("[rules]"));
  write_file_atomically(c.config(), plain + "[rules]\npacks = [" + packs + "]\n[weather]\npattern = \"series/%Y%m%d%H.nc\"\n");
  return cli::run_cycle({c.config(), c.data, c.out + out, issue, "", "", {}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forecast_statistics_in_a_cycle)

// Gusts of 30 m/s over one column of cells in the west, a ninth of its area, and 8 m/s elsewhere.
BOOST_AUTO_TEST_CASE(a_shipped_pack_that_asks_for_the_greatest_gust_is_decided_by_a_run_of_our_own) {
  const SmallCase c("statistics_cycle");
  c.frames(hours_on(0), hours_on(1), 0);
  const auto gusts = [](double x, TimePoint) { return x > 110.2 && x < 110.3 ? 30 : 8; };
  write_run(c, kSeriesStart, "wind_speed_of_gust", "10 m", 30, {}, gusts);
  BOOST_TEST(level_told(decide(c, "\"us_severe_thunderstorm\"", hours_on(1), "/means"), "severe_thunderstorm", 0) == "Unknown");
  write_run(c, kSeriesStart, "wind_speed_of_gust", "10 m", 30, {"--for", "us_severe_thunderstorm"}, gusts);
  const cli::CycleResult yes = decide(c, "\"us_severe_thunderstorm\"", hours_on(1), "/max");
  BOOST_TEST(level_told(yes, "severe_thunderstorm", 0) == "Yellow");   // 58 mph are 25.9 m/s, 70 mph 31.3 m/s
  BOOST_TEST(level_told(yes, "severe_thunderstorm", 1) == "Unknown");  // nothing tells of hail
}

BOOST_AUTO_TEST_CASE(rules_on_a_quantile_or_a_share_of_the_area_say_yes_or_no) {
  const SmallCase c("statistics_rules");
  c.frames(hours_on(0), hours_on(1), 0);
  const auto pack = [&](const std::string& name, const std::string& statistic, const std::string& threshold) {
    write_file_atomically(c.data + "/" + name + ".toml",
                          "name='" + name + "'\nhazard='gale'\nsource='s'\nedition='e'\nverified=true\n[[rule]]\nlevel='yellow'\n" +
                              "quantity='wind_speed_of_gust'\nstatistic='" + statistic + "'\nthreshold='" + threshold + "'\nwithin='12 h'\n");
  };
  pack("p60", "p60", "17.2 m/s");
  pack("p80", "p80", "17.2 m/s");
  pack("quarter", "frac>=17.2", "24 %");
  pack("third", "frac>=17.2", "33 %");
  std::vector<std::string> packs;
  for (const char* name : {"p60", "p80", "quarter", "third"}) packs.insert(packs.end(), {"--for", c.data + "/" + name + ".toml"});
  write_run(c, kSeriesStart, "wind_speed_of_gust", "10 m", 30, packs,
            [](double x, TimePoint) { return x > 110.2 && x < 110.3 ? 30 : 8; });  // a quarter of the western one
  const auto level = [&](const char* name, std::size_t region) {
    return level_told(decide(c, std::string("\"") + name + ".toml\"", hours_on(1), name), "gale", region);
  };
  BOOST_TEST(level("p60", 0) == "None");
  BOOST_TEST(level("p80", 0) == "Yellow");
  BOOST_TEST(level("p80", 1) == "None");
  BOOST_TEST(level("quarter", 0) == "Yellow");
  BOOST_TEST(level("quarter", 1) == "None");
  BOOST_TEST(level("third", 0) == "None");
}

// Three days of heat: one run does not know the days before it and cannot deny them; with the runs of those days it does.
BOOST_AUTO_TEST_CASE(days_of_heat_are_decided_by_the_runs_of_the_days_before_and_the_newest) {
  const auto level = [](const std::string& name, int runs, float west, float east) {
    const SmallCase c("statistics_heat_" + name);
    c.frames(hours_on(0), hours_on(1), 0);
    const auto noon_heat = [&](double x, TimePoint t) {  // local days, eight hours ahead
      const double hour = static_cast<double>((t.time_since_epoch().count() / 3600 + 8) % 24);
      return 295 + ((x < 110.5 ? west : east) - 295.0F) * std::max(0.0, std::sin((hour - 8) / 12 * 3.14159265));
    };
    for (int d = runs - 1; d >= 0; --d) write_run(c, hours_on(-24 * d), "air_temperature", "2 m", d == 0 ? 96 : 36, {}, noon_heat);
    const cli::CycleResult r = decide(c, "\"cma_2007_heat\"", hours_on(1), "");
    return std::pair(level_told(r, "heat", 0), level_told(r, "heat", 1));
  };
  const auto alone = level("alone", 1, 309.2F, 305.0F), with_past = level("past", 7, 309.2F, 305.0F);
  BOOST_TEST(with_past.first == "Yellow");
  BOOST_TEST(with_past.second == "None");
  BOOST_TEST(alone.first == "Yellow");    // three days ahead are hot
  BOOST_TEST(alone.second == "Unknown");  // whether the days before were, it does not know
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
