#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>
#include <tuple>

#include "engine/core/time.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/grib_writer.h"

// Ten days as a global ensemble sends them, with fewer hours: hourly to 12 h, three-hourly to 144 h, six-hourly to 240 h, rain as totals since the start, over
// the leap day.
namespace guyu::test {
namespace {

constexpr int kTenDayMembers = 2;

std::vector<int> ten_days_steps(int last) {
  std::vector<int> steps;
  for (int h = 1; h <= last; h += h < 12 ? 1 : h < 144 ? 3 : 6) steps.push_back(h);
  return steps;
}

// mm/h; no two members and runs alike.
double made_rain_rate(long hour_of_run, int member) { return 0.25 * (1 + member) + (hour_of_run == 0 ? 2 : 0); }
double temperature_at(long hour_of_run, int member, int step) { return 280 + 0.01 * step + member + (hour_of_run == 0 ? 5 : 0); }

GribKeys step_keys(long hour, int member, const std::string& range, long template_number) {
  return latlon_keys("regular_ll", 5, 5, 110, 30, 0.25) + GribKeys{{"dataDate", 20240228L},
                                                                   {"dataTime", hour * 100},
                                                                   {"productDefinitionTemplateNumber", template_number},
                                                                   {"perturbationNumber", static_cast<long>(member)},
                                                                   {"numberOfForecastsInEnsemble", static_cast<long>(kTenDayMembers)},
                                                                   {"stepRange", range}};
}

// One file for each step in `folder`; where `by_member` names another folder, there the same messages as one file for each member. Member 1 of the run of
// 12 UTC has nothing after 129 h.
void write_run(const std::string& folder, long hour, int last, const std::string& by_member = {}) {
  std::filesystem::create_directories(folder);
  std::vector<std::string> members(kTenDayMembers);
  for (const int h : ten_days_steps(last)) {
    for (int m = 0; m < kTenDayMembers; ++m) {
      if (hour == 12 && m == 1 && h > 129) continue;
      const std::string path = folder + "/" + std::to_string(hour) + "_h" + std::to_string(h) + ".grib2";
      const std::size_t before = m > 0 ? std::filesystem::file_size(path) : 0;
      append_grib(path, 2,
                  step_keys(hour, m, std::to_string(h), 1) + GribKeys{{"parameterCategory", 0L},
                                                                      {"parameterNumber", 0L},
                                                                      {"typeOfFirstFixedSurface", 103L},
                                                                      {"scaleFactorOfFirstFixedSurface", 0L},
                                                                      {"scaledValueOfFirstFixedSurface", 2L}},
                  std::vector<double>(25, temperature_at(hour, m, h)));
      append_grib(path, 2,
                  step_keys(hour, m, "0-" + std::to_string(h), 11) +
                      GribKeys{{"parameterCategory", 1L}, {"parameterNumber", 8L}, {"typeOfFirstFixedSurface", 1L}, {"typeOfStatisticalProcessing", 1L}},
                  std::vector<double>(25, made_rain_rate(hour, m) * h));
      if (!by_member.empty()) members[static_cast<std::size_t>(m)] += read_text_file(path).substr(before);
    }
  }
  if (by_member.empty()) return;
  std::filesystem::create_directories(by_member);
  for (std::size_t m = 0; m < members.size(); ++m) write_file_atomically(by_member + "/m" + std::to_string(m) + ".grib2", members[m]);
}

std::string one_town(const std::string& folder) {
  const std::string path = folder + "/towns.geojson";
  write_file_atomically(path, R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1"},
    "geometry":{"type":"Polygon","coordinates":[[[110.3,30.3],[110.7,30.3],[110.7,30.7],[110.3,30.7],[110.3,30.3]]]}}]})");
  return path;
}

struct StepValue {
  TimePoint begin, end;
  double value;
};
// Of each quantity and member, ascending.
std::map<std::pair<std::string, int>, std::vector<StepValue>> values_by_member(const std::string& csv) {
  std::map<std::pair<std::string, int>, std::vector<StepValue>> all;
  std::istringstream in(read_text_file(csv));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::istringstream parts(line);
    for (std::string cell; std::getline(parts, cell, ',');) cells.push_back(cell);
    BOOST_REQUIRE(cells.size() >= 9U);
    all[{cells[2], std::stoi(cells[5])}].push_back({parse_time(cells[6]), parse_time(cells[7]), cells[8].empty() ? std::nan("") : std::stod(cells[8])});
  }
  return all;
}

Said ten_day_forecast(const std::string& files, const std::string& folder, const std::string& out) {
  return guyu_said({"forecast", files, "--regions", one_town(folder), "--code", "code", "--variables", "precipitation_amount@surface,air_temperature@2 m",
                    "--out", folder + out + ".nc", "--csv", folder + out + ".csv"});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ten_days)

BOOST_AUTO_TEST_CASE(totals_become_steps_across_every_change_of_spacing_and_both_layouts_of_files_agree) {
  const std::string folder = temporary_folder("ten-days");
  write_run(folder + "/steps", 0, 240, folder + "/members");
  const Said said = ten_day_forecast(folder + "/steps", folder, "/a");
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  BOOST_TEST(said.out.find("note:") == std::string::npos, said.out);
  BOOST_REQUIRE(ten_day_forecast(folder + "/members", folder, "/b").code == 0);
  BOOST_TEST(read_text_file(folder + "/a.csv") == read_text_file(folder + "/b.csv"));
  const auto values = values_by_member(folder + "/a.csv");
  const TimePoint start = parse_time("2024-02-28T00:00:00Z");
  for (int m = 0; m < kTenDayMembers; ++m) {
    const auto& rain = values.at({"precipitation_amount", m});
    BOOST_TEST(rain.size() == ten_days_steps(240).size());
    BOOST_TEST((rain.front().begin == start && rain.back().end == parse_time("2024-03-09T00:00:00Z")));
    for (std::size_t k = 0; k < rain.size(); ++k) {
      if (k > 0) BOOST_TEST((rain[k].begin == rain[k - 1].end));
      const double hours = static_cast<double>((rain[k].end - rain[k].begin).count()) / 3600;
      BOOST_TEST(rain[k].value == made_rain_rate(0, m) * hours, boost::test_tools::tolerance(1e-3));
    }
    const auto& warm = values.at({"air_temperature", m});
    BOOST_TEST(warm.size() == rain.size());
    BOOST_TEST(warm.back().value == temperature_at(0, m, 240), boost::test_tools::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_series_also_where_a_message_is_damaged) {
  const std::string folder = temporary_folder("ten-days-threads"), damaged = folder + "/runs/0_h48.grib2";
  write_run(folder + "/runs", 0, 72);
  std::string bytes = read_text_file(damaged);
  bytes.replace(bytes.size() - 4, 4, "8888");
  write_file_atomically(damaged, bytes);
  for (const char* threads : {"1", "2", "5"}) {
    const Said said = guyu_said({"--threads", threads, "forecast", folder + "/runs", "--regions", one_town(folder), "--code", "code", "--variables",
                                 "precipitation_amount@surface,air_temperature@2 m", "--out", folder + "/f.nc", "--csv", folder + "/" + threads + ".csv"});
    BOOST_TEST(said.code == cli::exit_degraded, said.out);
  }
  BOOST_TEST(read_text_file(folder + "/1.csv") == read_text_file(folder + "/2.csv"));
  BOOST_TEST(read_text_file(folder + "/1.csv") == read_text_file(folder + "/5.csv"));
}

BOOST_AUTO_TEST_CASE(a_run_of_six_days_goes_on_with_the_ten_days_of_the_run_before_and_says_so) {
  const std::string folder = temporary_folder("ten-days-back");
  write_run(folder + "/runs", 0, 240);
  write_run(folder + "/runs", 12, 144);
  const Said said = ten_day_forecast(folder + "/runs", folder, "/f");
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  const TimePoint start = parse_time("2024-02-28T12:00:00Z"), six_days = parse_time("2024-03-05T12:00:00Z"), early = parse_time("2024-03-04T21:00:00Z");
  const auto values = values_by_member(folder + "/f.csv");
  for (int m = 0; m < kTenDayMembers; ++m) {
    const TimePoint change = m == 1 ? early : six_days;
    double newer = 0, older = 0;
    TimePoint before = start;
    for (const StepValue& v : values.at({"precipitation_amount", m})) {
      if (std::isnan(v.value)) continue;  // a step of other members
      BOOST_TEST((v.begin >= before));
      before = v.end;
      (v.end <= change ? newer : older) += v.value;
    }
    BOOST_TEST((before == parse_time("2024-03-09T00:00:00Z")));
    BOOST_TEST(newer == made_rain_rate(12, m) * (m == 1 ? 129 : 144), boost::test_tools::tolerance(1e-4));
    BOOST_TEST(older == made_rain_rate(0, m) * (m == 1 ? 99 : 84), boost::test_tools::tolerance(1e-4));
    for (const StepValue& v : values.at({"air_temperature", m})) {
      if (std::isnan(v.value)) continue;
      const bool of_newer = v.end <= change;
      const auto hours = static_cast<int>((v.end - parse_time(of_newer ? "2024-02-28T12:00:00Z" : "2024-02-28T00:00:00Z")).count() / 3600);
      BOOST_TEST(v.value == temperature_at(of_newer ? 12 : 0, m, hours), boost::test_tools::tolerance(1e-6));
    }
  }
  for (const char* words :
       {"precipitation_amount at surface: the run of 2024-02-28T12:00:00Z ends at 2024-03-05T12:00:00Z; what follows is of the run of 2024-02-28T00:00:00Z",
        "air_temperature at 2 m: member 1 of the run of 2024-02-28T12:00:00Z ends at 2024-03-04T21:00:00Z, before others; what follows of it is of the run of "
        "2024-02-28T00:00:00Z",
        "air_temperature at 2 m: in the run of 2024-02-28T12:00:00Z, member 1 lacks 5 of the 56 steps that the others have"})
    BOOST_TEST(said.out.find(words) != std::string::npos, words << '\n' << said.out);
}

// Steps of ten minutes over the end of a year, each total from the start.
BOOST_AUTO_TEST_CASE(steps_in_minutes_run_over_the_end_of_a_year) {
  const std::string folder = temporary_folder("ten-minutes");
  for (const int minutes : {10, 20, 30, 40, 50, 60, 70}) {
    append_grib(folder + "/f.grib2", 2,
                latlon_keys("regular_ll", 5, 5, 110, 30, 0.25) + GribKeys{{"dataDate", 20241231L},
                                                                          {"dataTime", 2330L},
                                                                          {"productDefinitionTemplateNumber", 8L},
                                                                          {"stepUnits", std::string("m")},
                                                                          {"stepRange", "0-" + std::to_string(minutes)},
                                                                          {"parameterCategory", 1L},
                                                                          {"parameterNumber", 8L},
                                                                          {"typeOfFirstFixedSurface", 1L},
                                                                          {"typeOfStatisticalProcessing", 1L}},
                std::vector<double>(25, 0.5 * minutes));
  }
  const Said said =
      guyu_said({"forecast", folder + "/f.grib2", "--regions", one_town(folder), "--code", "code", "--out", folder + "/f.nc", "--csv", folder + "/f.csv"});
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  std::istringstream in(read_text_file(folder + "/f.csv"));
  std::string line;
  std::size_t rows = 0;
  std::getline(in, line);
  for (TimePoint begin = parse_time("2024-12-31T23:30:00Z"); std::getline(in, line); begin += Seconds(600), ++rows)
    BOOST_TEST(line.find(to_iso(begin) + "," + to_iso(begin + Seconds(600)) + ",5,") != std::string::npos, line);
  BOOST_TEST(rows == 7U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
