#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "ingest/forecast_calibration_reader.h"
#include "products/forecast_calibration_netcdf.h"
#include "tests/cli/forecast/rain_case.h"
#include "tests/cli/guyu_run.h"

namespace guyu::test {
namespace {

std::vector<Interval> hours_from(int first, int n) {
  std::vector<Interval> steps;
  for (int k = 0; k < n; ++k) steps.push_back(rain_hours(first + k, first + k + 1));
  return steps;
}

std::vector<std::string> train_words(const RainCase& c, const std::string& method, const std::vector<std::string>& more) {
  std::vector<std::string> words{"train",          c.folder + "/runs",
                                 "--observations", c.folder + "/rain",
                                 "--regions",      c.towns,
                                 "--code",         "code",
                                 "--variables",    "precipitation_amount@surface",
                                 "--method",       method,
                                 "--out",          c.folder + "/" + method + ".nc"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Values of a series' steps for township 1, from the CSV.
std::vector<std::string> values_of(const std::string& csv, const std::string& quantity) {
  std::vector<std::string> values;
  std::string text = read_text_file(csv), line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    line = text.substr(at, end - at), at = end + 1;
    std::vector<std::string> cells;
    for (std::size_t k = 0; k <= line.size();) {
      const std::size_t comma = std::min(line.find(',', k), line.size());
      cells.push_back(line.substr(k, comma - k)), k = comma + 1;
    }
    if (cells.size() >= 10 && cells[0] == "1" && cells[2] == quantity) values.push_back(cells[8]);
  }
  return values;
}

std::string calibration_of(const RainCase& c, Seconds interval) {
  ForecastCalibration calibration;
  calibration.archive = rain_hours(0, 1);
  CalibratedVariable v;
  v.variable = "precipitation_amount@surface";
  v.method = ForecastMethod::bias;
  v.interval = interval;
  v.bias.ratio = true;
  v.bias.common = 2;
  v.bias.codes = {"1", "2"}, v.bias.offsets = {1, 1};
  calibration.variables.push_back(v);
  write_forecast_calibration(c.folder + "/calibration.nc", calibration, {"a calibration", "test", "", {}, kRainStart});
  return c.folder + "/calibration.nc";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(train_verb)

// The archive of the issue: one run of a 13 km model and hourly rain on its grid, counties as townships.
BOOST_AUTO_TEST_CASE(calibration_improves_a_real_forecast_on_blocks_left_out) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("train"), run = data + "/nwp/ruc13_20050807/2005080700", rain = data + "/nwp/ruc13_20050807/ST2ml",
                    counties = data + "/regions/us_counties.gpkg";
  for (const std::string method : {"emos", "quantile-mapping", "bias", "reliability"}) {
    const std::string file = folder + "/" + method + ".nc";
    const Said said = guyu_said({"train", run, "--observations", rain, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface",
                                 "--method", method, "--out", file});
    BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
    const ForecastCalibration c = read_forecast_calibration(file);
    BOOST_REQUIRE(c.variables.size() == 1);
    BOOST_TEST(std::string(name_of(c.variables[0].method)) == method);
    if (method == "emos") {
      BOOST_TEST(c.variables[0].scores.crps_after < 0.45 * c.variables[0].scores.crps_before);
      BOOST_TEST(c.variables[0].emos.radius_km > 0);  // its rain stands beside its place
      BOOST_TEST(c.variables[0].regions.size() == 16U);
      const auto skill = [](const std::string& text, const std::string& line) {
        double before = -1, after = -1;
        std::sscanf(text.c_str() + text.find("CSI", text.find(line)), "CSI before %lf, after %lf", &before, &after);
        return std::pair(before, after);
      };
      for (const std::string threshold : {"0.1 ", "1 ", "5 ", "10 "}) {
        const auto [before, after] = skill(said.out, "at least " + threshold);
        BOOST_TEST(before >= 0);
        BOOST_TEST(after >= before, said.out);
      }
      const Said alone = guyu_said({"train", run, "--observations", rain, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface",
                                    "--method", method, "--places-alone", "--out", folder + "/alone.nc"});
      BOOST_REQUIRE_MESSAGE(alone.code == 0, alone.out);
      const CalibratedVariable as_before = read_forecast_calibration(folder + "/alone.nc").variables.at(0);
      BOOST_TEST(as_before.emos.radius_km == 0);
      BOOST_TEST(c.variables[0].scores.crps_after < 0.98 * as_before.scores.crps_after);
      BOOST_TEST(c.variables[0].scores.blocks == 4);
      BOOST_TEST(c.variables[0].emos.cases > 10000);
    }
    BOOST_TEST((c.variables[0].interval == Seconds(3 * 3600)));
    BOOST_TEST(guyu_said({"forecast", run, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface", "--calibration", file, "--out",
                          folder + "/f.nc"})
                   .code == 0);
  }
}

// Rain of 0 or 1 by the single forecast, and by the distribution that emos gives it.
BOOST_AUTO_TEST_CASE(the_reliability_term_of_a_real_forecast_falls_on_blocks_left_out) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("train-reliability"), run = data + "/nwp/ruc13_20050807/2005080700", rain = data + "/nwp/ruc13_20050807/ST2ml",
                    counties = data + "/regions/us_counties.gpkg";
  for (const std::string source : {"members", "distribution"}) {
    const std::string file = folder + "/" + source + ".nc";
    const Said said = guyu_said({"train", run, "--observations", rain, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface",
                                 "--method", "reliability", "--probabilities", source, "--thresholds", "0.1,1,5", "--out", file});
    BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
    std::cout << said.out;
    const ForecastCalibration c = read_forecast_calibration(file);
    const Reliability& r = c.variables.at(0).reliability;
    BOOST_REQUIRE(r.events.size() == 3);
    for (const EventReliability& e : r.events) {
      BOOST_TEST((source == "distribution" || e.reliability_after < 0.2 * e.reliability_before), said.out);
      BOOST_TEST((source == "distribution" || e.brier_after < e.brier_before), said.out);
    }
    BOOST_REQUIRE(guyu_said({"forecast", run, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface", "--calibration", file,
                             "--out", folder + "/f.nc", "--csv", folder + "/f.csv"})
                      .code == 0);
    const std::string csv = read_text_file(folder + "/f.csv");
    BOOST_TEST(csv.find("probability_of_precipitation_amount_at_least_0.1_mm") != std::string::npos);
    BOOST_TEST(csv.find("probability_of_precipitation_amount_at_least_5_mm") != std::string::npos);
  }
}

// Two runs, each right over its own first six hours: what is paired must be the fields of the run that is meant.
BOOST_AUTO_TEST_CASE(each_run_of_an_archive_is_paired_with_its_own_values) {
  const RainCase c("train-runs");
  std::filesystem::create_directories(c.folder + "/runs"), std::filesystem::create_directories(c.folder + "/rain");
  std::vector<std::vector<float>> first(2), second(2), came(2);
  for (std::size_t r = 0; r < 2; ++r) {
    for (int h = 0; h < 12; ++h) came[r].push_back(static_cast<float>(1 + h + 5 * static_cast<int>(r)));
    first[r] = {came[r].begin(), came[r].begin() + 6}, second[r] = {came[r].begin() + 6, came[r].end()};
  }
  c.write(c.folder + "/runs/a.nc", kRainStart, hours_from(0, 6), first);
  c.write(c.folder + "/runs/b.nc", kRainStart + Seconds(6 * 3600), hours_from(6, 6), second);
  c.write(c.folder + "/rain/r.nc", kRainStart, hours_from(0, 12), came);
  const Said said = guyu_said(train_words(c, "bias", {}));
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  const ForecastCalibration learnt = read_forecast_calibration(c.folder + "/bias.nc");
  BOOST_TEST(learnt.variables.at(0).bias.cases == 24);
  BOOST_TEST(learnt.variables.at(0).bias.common == 1, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(learnt.variables.at(0).by_lead.mean_squared(0) < 1e-10);
}

BOOST_AUTO_TEST_CASE(members_of_several_runs_count_together) {
  const RainCase c("train-lagged");
  std::filesystem::create_directories(c.folder + "/runs"), std::filesystem::create_directories(c.folder + "/rain");
  c.write(c.folder + "/runs/a.nc", kRainStart, hours_from(0, 12), {std::vector<float>(12, 2), std::vector<float>(12, 0)});
  c.write(c.folder + "/runs/b.nc", kRainStart + Seconds(6 * 3600), hours_from(6, 6), {std::vector<float>(6, 0), std::vector<float>(6, 3)});
  c.write(c.folder + "/rain/r.nc", kRainStart, hours_from(0, 12), {std::vector<float>(12, 2), std::vector<float>(12, 2)});
  const Said said = guyu_said(train_words(c, "reliability", {"--runs", "2", "--thresholds", "1"}));
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  const Reliability r = read_forecast_calibration(c.folder + "/reliability.nc").variables.at(0).reliability;
  BOOST_TEST(r.cases == 12);  // six hours that both runs tell, two townships
  BOOST_TEST(r.runs == 2);
  BOOST_TEST((r.source == ProbabilitySource::members));
  BOOST_REQUIRE(guyu_said({"forecast", c.folder + "/runs", "--regions", c.towns, "--code", "code", "--variables", "precipitation_amount@surface",
                           "--calibration", c.folder + "/reliability.nc", "--out", c.folder + "/f.nc", "--csv", c.folder + "/f.csv"})
                    .code == 0);
  const auto p = values_of(c.folder + "/f.csv", "probability_of_precipitation_amount_at_least_1_mm"),
             rain = values_of(c.folder + "/f.csv", "precipitation_amount");
  BOOST_REQUIRE(p.size() == 6);
  for (const std::string& x : p) BOOST_TEST(x == "0.5");   // one run of two; twelve cases teach nothing better
  for (const std::string& x : rain) BOOST_TEST(x == "0");  // members stay those of the newest run
  BOOST_TEST(guyu_run(train_words(c, "reliability", {"--runs", "3", "--thresholds", "1"})) == 2);
  BOOST_TEST(guyu_run(train_words(c, "emos", {"--runs", "2"})) == 2);
}

BOOST_AUTO_TEST_CASE(amounts_over_another_time_are_refused_by_name_and_never_calibrated) {
  const RainCase c("train-lengths");
  const std::string run = c.folder + "/run.nc", out = c.folder + "/f.nc", csv = c.folder + "/f.csv";
  const auto forecast = [&](Seconds learnt) {
    return guyu_said({"forecast", run, "--regions", c.towns, "--code", "code", "--variables", "precipitation_amount@surface", "--calibration",
                      calibration_of(c, learnt), "--out", out, "--csv", csv});
  };
  c.write(run, kRainStart, {rain_hours(0, 3), rain_hours(3, 6), rain_hours(6, 12)}, {{4, 8, 16}, {4, 8, 16}});
  BOOST_TEST(forecast(Seconds(3600)).code == 2);
  const Said said = forecast(Seconds(3 * 3600));
  BOOST_TEST(said.code == 0);
  BOOST_TEST(said.out.find("precipitation_amount: 1 of 3 steps hold over 6 h, the calibration was learnt from 3 h") != std::string::npos, said.out);
  BOOST_TEST((values_of(csv, "precipitation_amount") == std::vector<std::string>{"2", "4", "16"}));
}

BOOST_AUTO_TEST_CASE(of_several_lengths_of_time_one_is_learnt_from_and_kept) {
  const RainCase c("train-several-lengths");
  std::filesystem::create_directories(c.folder + "/runs"), std::filesystem::create_directories(c.folder + "/rain");
  c.write(c.folder + "/runs/a.nc", kRainStart, {rain_hours(0, 3), rain_hours(3, 6), rain_hours(6, 12)}, {{6, 6, 12}, {6, 6, 12}});
  c.write(c.folder + "/rain/r.nc", kRainStart, hours_from(0, 12), {std::vector<float>(12, 1), std::vector<float>(12, 1)});
  BOOST_REQUIRE(guyu_said(train_words(c, "bias", {})).code == 0);
  const auto usual = read_forecast_calibration(c.folder + "/bias.nc").variables.at(0);
  BOOST_TEST((usual.interval == Seconds(3 * 3600)));
  BOOST_TEST(usual.bias.cases == 4);
  BOOST_REQUIRE(guyu_said(train_words(c, "bias", {"--interval", "360"})).code == 0);
  const auto other = read_forecast_calibration(c.folder + "/bias.nc").variables.at(0);
  BOOST_TEST((other.interval == Seconds(6 * 3600)));
  BOOST_TEST(other.bias.cases == 2);
  BOOST_TEST(guyu_run(train_words(c, "bias", {"--interval", "60"})) == 2);
}

// Rain of the western township foretold over the eastern: coefficients by hand, so that what is around decides.
BOOST_AUTO_TEST_CASE(a_calibration_that_looks_around_is_kept_and_used_and_other_regions_are_told) {
  const RainCase c("train-around");
  const std::string run = c.folder + "/run.nc", csv = c.folder + "/f.csv", file = c.folder + "/c.nc";
  c.write(run, kRainStart, {rain_hours(0, 3)}, {{0}, {9}});
  const auto calibrated = [&](double radius_km, const std::string& hash) {
    ForecastCalibration calibration;
    calibration.archive = rain_hours(0, 3);
    CalibratedVariable v;
    v.variable = "precipitation_amount@surface";
    v.method = ForecastMethod::emos;
    v.interval = Seconds(3 * 3600);
    v.regions = hash;
    v.emos = {Family::censored_logistic, 0, 0, 0, 0.05, 0, 0, 100, "", radius_km, 1, 0.5};
    calibration.variables.push_back(v);
    write_forecast_calibration(file, calibration, {"a calibration", "test", "", {}, kRainStart});
    const CalibratedVariable back = read_forecast_calibration(file).variables.at(0);
    BOOST_TEST((back.emos.radius_km == v.emos.radius_km && back.emos.h == (radius_km > 0 ? 1 : 0) && back.emos.w == (radius_km > 0 ? 0.5 : 0)));
    BOOST_TEST(back.regions == (radius_km > 0 ? hash : ""));
    return guyu_said({"forecast", run, "--regions", c.towns, "--code", "code", "--variables", "precipitation_amount@surface", "--calibration", file, "--out",
                      c.folder + "/f.nc", "--csv", csv});
  };
  const auto middle = [&] {
    const auto values = values_of(csv, "precipitation_amount");
    BOOST_REQUIRE(values.size() == 20U);
    return std::stod(values[10]);
  };
  const Said said = calibrated(100, "0123456789abcdef");
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  BOOST_TEST(said.out.find("was learnt with other regions") != std::string::npos, said.out);
  // 38.5 km apart: the other township weighs 1 - 0.385^2 = 0.852, so that mean = 9 x 0.852 / 1.852 = 4.14 and location = 2.034 + 0.5 x 0.46 = 2.264.
  BOOST_TEST(middle() == 2.264 * 2.264, boost::test_tools::tolerance(0.02));
  BOOST_REQUIRE(calibrated(0, "").code == 0);
  BOOST_TEST(middle() < 0.01);
}

BOOST_AUTO_TEST_CASE(what_is_no_calibration_is_refused_by_name) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string file = data + "/nwp/ruc13_20050807/2005080700/wrfprs_ruc13_00.tm00_G212";
  BOOST_TEST(guyu_run({"forecast", file, "--regions", data + "/regions/us_counties.gpkg", "--code", "id", "--calibration",
                       data + "/radar/bom66_20201031/66_20201031_000000.prcp-c10.nc", "--out", temporary_folder("no-calibration") + "/f.nc"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
