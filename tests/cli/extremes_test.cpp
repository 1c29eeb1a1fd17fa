#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "engine/core/time.h"
#include "engine/extremes/counter_uniform.h"
#include "engine/extremes/gev.h"
#include "engine/region/region_attributes.h"
#include "models/rule_model.h"
#include "products/region_series_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;

namespace {

const Gev kHourlyLaw{30, 9, 0.05};

// Days of one wet hour each; the largest of each year is drawn from the law, so that the yearly maxima of any window up to a day are known.
std::string archive_csv(const std::vector<std::string>& codes, int years) {
  std::string csv = "code,begin,time,value\n";
  for (const std::string& code : codes) {
    const auto site = static_cast<std::uint32_t>(std::stoi(code.substr(1)));
    for (int y = 0; y < years; ++y) {
      const TimePoint start = parse_time(std::to_string(1990 + y) + "-01-01T00:00:00Z");
      for (int d = 0; d < 365; d += 1) {
        const double v = d == 180 ? kHourlyLaw.quantile(counter_uniform(5, site, static_cast<std::uint32_t>(y))) : 1;
        const TimePoint wet = start + std::chrono::hours(24 * d + 12);
        csv += code + "," + to_iso(wet - std::chrono::hours(12)) + "," + to_iso(wet) + ",0\n";
        csv += code + "," + to_iso(wet) + "," + to_iso(wet + std::chrono::hours(1)) + "," + std::to_string(v) + "\n";
        csv += code + "," + to_iso(wet + std::chrono::hours(1)) + "," + to_iso(wet + std::chrono::hours(12)) + ",0\n";
      }
    }
  }
  return csv;
}

std::map<std::string, std::string> lines_by_code(const std::string& path) {
  std::map<std::string, std::string> out;
  std::istringstream in(read_text_file(path));
  for (std::string line; std::getline(in, line);) out[line.substr(0, line.find(','))] = line;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(extremes_verb)

BOOST_AUTO_TEST_CASE(levels_of_an_archive_become_thresholds_of_each_township) {
  const std::string folder = test::temporary_folder("extremes");
  const std::vector<std::string> codes{"T1", "T2", "T3", "T4"};
  write_file_atomically(folder + "/a.csv", archive_csv(codes, 20));
  BOOST_TEST(guyu_run({"extremes", "--table", folder + "/a.csv", "--windows", "1,24", "--least-known", "0.01", "--out", folder + "/levels.csv", "--maxima",
                       folder + "/maxima.csv"}) == 0);
  std::vector<std::string> problems;
  const std::vector<RegionAttribute> attributes = read_attributes({folder + "/levels.csv", "", "code", {}}, codes, problems);
  const auto value = [&](const std::string& name, std::size_t r) {
    for (const RegionAttribute& a : attributes)
      if (a.name == name) return static_cast<double>(a.values[r]);
    return std::nan("");
  };
  for (std::size_t r = 0; r < codes.size(); ++r) {
    const double truth = return_level(kHourlyLaw, 10);
    BOOST_TEST((value("rain_1h_10yr_low", r) < truth && value("rain_1h_10yr_high", r) > truth));
    BOOST_TEST(value("rain_1h_10yr", r) < value("rain_24h_10yr", r) + 1e-3);
    BOOST_TEST(value("rain_1h_years", r) == 20);
  }

  // The same townships in another order: the same line for each.
  const std::vector<std::string> other{"T3", "T1", "T4", "T2"};
  write_file_atomically(folder + "/b.csv", archive_csv(other, 20));
  BOOST_TEST(guyu_run({"--threads", "1", "extremes", "--table", folder + "/b.csv", "--windows", "1,24", "--least-known", "0.01", "--out",
                       folder + "/other.csv"}) == 0);
  BOOST_TEST((lines_by_code(folder + "/levels.csv") == lines_by_code(folder + "/other.csv")));

  // A pack decides by them: what is the ten-year rain of T1 gives yellow there.
  const RuleModel model(load_rule_pack("configs/rules/return_level_rain.toml"));
  const TimePoint issue = parse_time("2020-07-01T00:00:00Z");
  HazardInputs in{issue, issue + std::chrono::hours(24), codes.size(), 1};
  in.attributes = attributes;
  HazardSeries rain{quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, {}, {}};
  for (int h = -24; h < 24; ++h)
    rain.pieces.push_back({{issue + std::chrono::hours(h), issue + std::chrono::hours(h + 1)},
                           h < 0 ? Origin::observed : Origin::forecast,
                           std::vector<float>(codes.size(), h == 3 ? static_cast<float>(value("rain_1h_10yr", 0)) + 0.1F : 0.0F),
                           std::vector<float>(codes.size(), 1.0F),
                           {}});
  in.series.push_back(std::move(rain));
  BOOST_TEST((model.evaluate(in).rows[0].level == Level::yellow));
}

BOOST_AUTO_TEST_CASE(few_years_leave_cells_empty_and_say_so) {
  const std::string folder = test::temporary_folder("extremes_few");
  write_file_atomically(folder + "/a.csv", archive_csv({"T1"}, 4));
  const test::Said said =
      test::guyu_said({"extremes", "--table", folder + "/a.csv", "--windows", "1", "--least-known", "0.01", "--out", folder + "/levels.csv"});
  BOOST_TEST(said.code == 1);
  BOOST_TEST(said.out.find("fewer than 10 years") != std::string::npos);
  BOOST_TEST(lines_by_code(folder + "/levels.csv").at("T1") == "T1,4,,,,,,,,,,,,,,,,");
}

BOOST_AUTO_TEST_CASE(codes_for_missing_values_are_no_rain_and_no_line_counts_twice) {
  const std::string folder = test::temporary_folder("extremes_hostile"), table = folder + "/a.csv";
  const auto run = [&](const std::string& csv) {
    write_file_atomically(table, csv);
    return guyu_run(
        {"extremes", "--table", table, "--windows", "3", "--least-known", "0", "--out", folder + "/levels.csv", "--maxima", folder + "/maxima.csv"});
  };
  const auto largest = [&] { return lines_by_code(folder + "/maxima.csv").at("T1"); };
  std::string csv = "code,time,value\n";
  for (int h = 1; h <= 9; ++h) csv += "T1,2020-06-01T0" + std::to_string(h) + ":00:00Z," + (h == 3 ? "-9999" : h == 7 ? "x" : std::to_string(h)) + "\n";
  BOOST_TEST(run(csv) == 1);
  BOOST_TEST(largest() == "T1,rain_3h,2020,15,1");  // of the hours 4 to 6: those with -9999 and x in them are not known
  BOOST_TEST(run("code,time,value\nT1,2020-06-01T01:00:00Z,3\nT1,2020-06-01T02:00:00Z,3\nT1,2020-06-01T02:00:00Z,4\n") == 2);
  BOOST_TEST(run("code,begin,time,value\nT1,2020-06-01T00:00:00Z,2020-06-01T03:00:00Z,3\nT2,2020-06-01T01:00:00Z,2020-06-01T02:00:00Z,3\n") == 2);
  BOOST_TEST(run("code,time,value\n") == 2);
}

BOOST_AUTO_TEST_CASE(of_runs_that_overlap_the_newer_one_is_taken) {
  const std::string folder = test::temporary_folder("extremes_runs");
  const RegionSet towns = mesh_regions(110, 30, 110.2, 30.1, 0.1);
  for (int run = 0; run < 2; ++run) {
    const TimePoint reference = parse_time("2020-07-01T00:00:00Z") + std::chrono::hours(6 * run);
    RegionSeries s{"rain", "rain", quantities::precipitation_amount(), "surface", TimeKind::accumulation, {}, {std::nullopt}};
    for (int h = 0; h < 12; ++h) s.times.push_back({reference + std::chrono::hours(h), reference + std::chrono::hours(h + 1)});
    RegionSeriesWriter out(folder + "/run" + std::to_string(1 - run) + ".nc", towns, {s}, {"made-up run", "", "", {}, reference});
    const std::vector<float> seen(2, 1.0F);
    // The first run's ninth hour, which the second one tells anew, is wild.
    for (std::size_t h = 0; h < 12; ++h) out.write(0, 0, h, std::vector<float>{run == 0 && h == 9 ? 50.0F : 5.0F + 2 * static_cast<float>(run), 1}, seen);
    out.close();
  }
  BOOST_TEST(guyu_run({"extremes", "--series", folder + "/run*.nc", "--windows", "1,3", "--out", folder + "/levels.csv", "--maxima", folder + "/maxima.csv"}) ==
             1);
  const std::string maxima = read_text_file(folder + "/maxima.csv"), code = towns.regions[0].code;
  BOOST_TEST(maxima.find(code + ",rain_1h,2020,7,0") != std::string::npos, maxima);
  BOOST_TEST(maxima.find(code + ",rain_3h,2020,21,0") != std::string::npos, maxima);
}

BOOST_AUTO_TEST_CASE(mistakes_exit_with_two) {
  const std::string folder = test::temporary_folder("extremes_bad");
  write_file_atomically(folder + "/a.csv", "code,value\nT1,3\n");
  write_file_atomically(folder + "/b.csv", "code,time,value\nT1,yesterday,3\n");
  BOOST_TEST(guyu_run({"extremes", "--table", folder + "/a.csv", "--out", folder + "/x.csv"}) == 2);
  BOOST_TEST(guyu_run({"extremes", "--table", folder + "/b.csv", "--out", folder + "/x.csv"}) == 2);
  BOOST_TEST(guyu_run({"extremes", "--out", folder + "/x.csv"}) == 2);
  BOOST_TEST(guyu_run({"extremes", "--table", folder + "/b.csv", "--quantity", "rain", "--out", folder + "/x.csv"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
