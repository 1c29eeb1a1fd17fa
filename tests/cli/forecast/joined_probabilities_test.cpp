#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>

#include "products/forecast_calibration_netcdf.h"
#include "tests/cli/forecast/rain_case.h"
#include "tests/cli/guyu_run.h"

// Probabilities of several models as one (guyu forecast --also): models and calibrations made here.
namespace guyu::test {
namespace {

constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();

// By township, threshold and end of the step.
std::map<std::string, std::string> probabilities_of(const std::string& csv) {
  std::map<std::string, std::string> all;
  std::istringstream in(read_text_file(csv));
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') cells.emplace_back();
      else cells.back() += c;
    }
    const std::string start = "probability_of_precipitation_amount_at_least_";
    if (cells.size() >= 10 && cells[2].rfind(start, 0) == 0) all[cells[0] + " " + cells[2].substr(start.size()) + " " + cells[7].substr(11, 2)] = cells[8];
  }
  return all;
}

// Learnt nothing from its tables: members say 0 or 1. Brier scores by threshold.
void write_calibration(const std::string& path, const std::map<double, double>& brier, double squared_error = 1) {
  ForecastCalibration calibration;
  calibration.archive = rain_hours(0, 3);
  CalibratedVariable v;
  v.variable = "precipitation_amount@surface";
  v.method = ForecastMethod::reliability;
  v.interval = Seconds(3 * 3600);
  v.reliability.cases = 10'000'000;
  v.reliability.blocks = 10;
  v.by_lead.squared[0] = squared_error * 1e7, v.by_lead.cases[0] = 10'000'000;
  for (const auto& [threshold, score] : brier) v.reliability.events.push_back({threshold, {}, 100, score, score, 0, 0});
  calibration.variables.push_back(v);
  write_forecast_calibration(path, calibration, {"a calibration", "test", "", {}, kRainStart});
}

struct TwoModels : RainCase {
  explicit TwoModels(const std::string& name) : RainCase(name) {
    write(folder + "/a.nc", kRainStart, {rain_hours(0, 3), rain_hours(3, 6)}, {{7, 7}, {0, 7}});
    write(folder + "/b.nc", kRainStart, {rain_hours(0, 3), rain_hours(3, 6)}, {{0, 2}, {2, kNoValue}});
    write_calibration(folder + "/a_c.nc", {{1, 0.1}, {5, 0.1}}, 1);
    write_calibration(folder + "/b_c.nc", {{1, 0.5}, {5, 0.1}}, 4);
  }
  std::map<std::string, std::string> joined(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"forecast",      folder + "/a.nc",
                                   "--regions",     towns,
                                   "--code",        "code",
                                   "--variables",   "precipitation_amount@surface",
                                   "--calibration", folder + "/a_c.nc",
                                   "--out",         folder + "/f.nc",
                                   "--csv",         folder + "/f.csv"};
    words.insert(words.end(), more.begin(), more.end());
    const Said said = guyu_said(words);
    BOOST_REQUIRE_MESSAGE(said.code <= 1, said.out);
    return probabilities_of(folder + "/f.csv");
  }
};

double of(const std::map<std::string, std::string>& all, const std::string& key) { return all.at(key).empty() ? std::nan("") : std::stod(all.at(key)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(joined_probabilities)

// Brier scores summed over both thresholds 0.2 and 0.6: weights 3/4 and 1/4.
BOOST_AUTO_TEST_CASE(calibrated_probabilities_count_by_their_brier_scores) {
  const TwoModels m("joined-brier");
  const auto p = m.joined({"--also", m.folder + "/b.nc", "--also-calibration", m.folder + "/b_c.nc"});
  BOOST_TEST(of(p, "1 1_mm 03") == 0.75, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(of(p, "1 5_mm 03") == 0.75, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(of(p, "1 1_mm 06") == 1);
  BOOST_TEST(of(p, "1 5_mm 06") == 0.75, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(of(p, "2 1_mm 03") == 0.25, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(of(p, "2 5_mm 03") == 0);
  BOOST_TEST(of(p, "2 1_mm 06") == 1);  // the other model does not know township 2 then
}

// Without a calibration of the other: the share of its members, by the errors at this lead; an unknown model is average.
BOOST_AUTO_TEST_CASE(a_model_without_calibration_gives_the_share_of_its_members) {
  const TwoModels m("joined-shares");
  const auto p = m.joined({"--also", m.folder + "/b.nc"});
  BOOST_TEST(of(p, "1 1_mm 03") == 0.5, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(of(p, "1 1_mm 06") == 1);
  BOOST_TEST(of(p, "2 1_mm 03") == 0.5, boost::test_tools::tolerance(1e-3));
}

// One threshold is not among the other's: its members' share stands for it, and weights come from the errors, 1 and 4; order of thresholds is kept.
BOOST_AUTO_TEST_CASE(a_threshold_that_one_does_not_know_comes_from_members_by_the_errors) {
  const TwoModels m("joined-thresholds");
  write_calibration(m.folder + "/one.nc", {{1, 0.5}}, 4);
  const auto p = m.joined({"--also", m.folder + "/b.nc", "--also-calibration", m.folder + "/one.nc"});
  BOOST_TEST(of(p, "1 1_mm 03") == 0.8, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(of(p, "2 1_mm 03") == 0.2, boost::test_tools::tolerance(1e-3));
  for (const char* place : {"1 ", "2 "})
    for (const char* end : {" 03", " 06"})
      if (!p.at(std::string(place) + "1_mm" + end).empty()) BOOST_TEST(of(p, std::string(place) + "5_mm" + end) <= of(p, std::string(place) + "1_mm" + end));
}

BOOST_AUTO_TEST_CASE(a_model_that_did_not_come_leaves_the_first_ones_probabilities) {
  const TwoModels m("joined-alone");
  const auto alone = m.joined({}), with_nothing = m.joined({"--also", m.folder + "/nowhere", "--also-calibration", m.folder + "/b_c.nc"});
  BOOST_TEST((alone == with_nothing));
  BOOST_TEST(of(alone, "1 1_mm 03") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
