#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/guyu_run.h"

// The chain forecast -> townships -> verification on the RUC day: one run of a 13 km model, hourly rain on its grid, US counties as townships.
namespace guyu::test {
namespace {
using nlohmann::json;
using ByHour = std::map<std::pair<std::string, int>, double>;  // county and hour of 7 August 2005: mm

std::vector<std::vector<std::string>> cells_of(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(read_text_file(path));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      else if (c == ',' && !quoted) cells.emplace_back();
      else cells.back() += c;
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

struct Scores {
  double crps = 0, csi = 0;  // means over the leads; of a single forecast the CRPS is its absolute error
  int leads = 0;
};

// The run's own rain, a third of each three-hour amount an hour, against the hours' observations.
Scores raw_scores(const ByHour& forecast, const ByHour& observed, int first_hour, double threshold) {
  Scores s;
  for (int h = first_hour; h <= 12; ++h) {
    double error = 0, n = 0, hits = 0, others = 0;
    for (const auto& [key, o] : observed) {
      if (key.second != h) continue;
      const auto it = forecast.find(key);
      const double f = it == forecast.end() ? 0 : it->second;
      error += std::abs(f - o), n += 1;
      if (f >= threshold && o >= threshold) hits += 1;
      else if (f >= threshold || o >= threshold) others += 1;
    }
    s.crps += error / n, s.csi += hits / std::max(1.0, hits + others), ++s.leads;
  }
  s.crps /= s.leads, s.csi /= s.leads;
  return s;
}

Scores scores_of(const std::string& path) {
  Scores s;
  const json report = json::parse(read_text_file(path));
  for (const json& lead : report.at("leads")) {
    for (const json& score : lead.at("scores"))
      if (score.at("score") == "crps") s.crps += score.at("value").get<double>();
    const json& table = lead.at("events").at(0).at("table");
    const double hits = table.at("hits").get<double>();
    s.csi += hits / std::max(1.0, hits + table.at("misses").get<double>() + table.at("false_alarms").get<double>());
    ++s.leads;
  }
  s.crps /= s.leads, s.csi /= s.leads;
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forecast_chain)

BOOST_AUTO_TEST_CASE(blending_improves_the_raw_forecast_at_counties) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("chain"), run = data + "/nwp/ruc13_20050807/2005080700", rain = data + "/nwp/ruc13_20050807/ST2ml",
                    counties = data + "/regions/us_counties.gpkg", cache = folder + "/cache";
  const auto hour_file = [&](int h) { return rain + "/ST2ml20050807" + (h < 10 ? "0" : "") + std::to_string(h) + ".Grb_G212"; };
  ByHour observed, forecast;
  for (int h = 4; h <= 12; ++h) {
    BOOST_REQUIRE(
        guyu_said({"zonal", "--input", hour_file(h), "--regions", counties, "--code", "id", "--stat", "mean", "--csv", folder + "/z.csv", "--cache", cache})
            .code == 0);
    for (const auto& c : cells_of(folder + "/z.csv"))
      if (c.size() == 8 && !c[7].empty()) observed[{c[0], h}] = std::stod(c[7]);
  }
  BOOST_REQUIRE(guyu_said({"forecast", run, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface", "--out", folder + "/f.nc",
                           "--csv", folder + "/f.csv", "--cache", cache})
                    .code == 0);
  for (const auto& c : cells_of(folder + "/f.csv")) {
    if (c.size() < 9 || c[8].empty() || c[6].substr(8, 2) != "07") continue;
    for (int h = 1; h <= 3; ++h) forecast[{c[0], std::stoi(c[6].substr(11, 2)) + h}] = std::stod(c[8]) / 3;
  }
  for (const int start : {3, 6}) {
    const std::string grids = folder + "/blend.nc", scores = folder + "/scores" + std::to_string(start);
    BOOST_REQUIRE(guyu_said({"nowcast", "--input", hour_file(start - 2), hour_file(start - 1), hour_file(start), "--members", "20", "--step", "60", "--leads",
                             std::to_string(12 - start), "--forecast", run, "--out", grids})
                      .code == 0);
    BOOST_REQUIRE(guyu_said({"verify", grids, rain, "--thresholds", "0.2", "--bootstrap", "0", "--missing-forecast", "zero", "--regions", counties, "--code",
                             "id", "--cache", cache, "--quiet", "--out", scores})
                      .code <= 1);
    const Scores blend = scores_of(scores + "/scores.json"), raw = raw_scores(forecast, observed, start + 1, 0.2);
    BOOST_TEST_MESSAGE("from " << start << " UTC: CRPS " << raw.crps << " raw, " << blend.crps << " blended; CSI at 0.2 mm/h " << raw.csi << " raw, "
                               << blend.csi << " blended");
    BOOST_TEST(blend.crps < 0.7 * raw.crps);
    BOOST_TEST(blend.csi > raw.csi);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
