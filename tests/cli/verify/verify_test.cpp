#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/verify/score_pairs.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/run/small_case.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
namespace {
const TimePoint kStart = parse_time("2024-07-01T00:00:00Z");
TimePoint at(int minutes) { return kStart + Seconds(60 * minutes); }
const Grid kGrid("+proj=longlat +datum=WGS84 +no_defs", 110.05, 30.95, 0.1, 0.1, 10, 10);

// A block of 10 mm/h, 3 x 3 cells, whose west edge is at the column.
Field block(std::int64_t column, float rain = 10) {
  Field f(kGrid, {});
  std::fill(f.values().begin(), f.values().end(), 0.0F);
  for (std::int64_t j = 4; j < 7; ++j)
    for (std::int64_t i = column; i < column + 3; ++i) f.view()(j, i) = rain;
  return f;
}

void write(const std::string& path, TimePoint issue, const std::vector<std::pair<TimePoint, Field>>& steps, const Grid& grid = kGrid) {
  GridNetcdfWriter writer(path, grid, {"rain", "test", "", {}, issue});
  GridVariable v{"rainfall_rate", "rain", quantities::rainfall_rate(), TimeKind::instant, {}, "surface"};
  for (const auto& [t, f] : steps) v.times.push_back({t, t});
  const std::size_t id = writer.add(v);
  for (std::size_t k = 0; k < steps.size(); ++k) writer.write(id, k, steps[k].second.view());
  writer.close();
}

// Observations every ten minutes for two hours of a block that moves a column every thirty minutes.
std::int64_t column_at(int minutes) { return 1 + minutes / 30; }
std::string observed(const std::string& root) {
  for (int m = 0; m <= 120; m += 10) {
    std::vector<std::pair<TimePoint, Field>> one;
    one.emplace_back(at(m), block(column_at(m)));
    write(root + "/obs/o" + std::to_string(1000 + m) + ".nc", at(m), one);
  }
  return root + "/obs";
}

// Issued at minutes 0 and 60, for 30 and 60 minutes ahead; the block a number of columns too far east.
std::string forecasts(const std::string& root, std::int64_t off) {
  for (const int issue : {0, 60}) {
    std::vector<std::pair<TimePoint, Field>> steps;
    for (const int lead : {30, 60}) steps.emplace_back(at(issue + lead), block(column_at(issue + lead) + off));
    write(root + "/fc/f" + std::to_string(1000 + issue) + ".nc", at(issue), steps);
  }
  return root + "/fc";
}

nlohmann::json scores_in(const std::string& out) { return nlohmann::json::parse(read_text_file(out + "/scores.json")); }

const nlohmann::json& score(const nlohmann::json& lead, const std::string& name, double threshold = -1, int scale = -1) {
  for (const auto& s : lead["scores"])
    if (s["score"] == name && s.value("threshold", -1.0) == threshold && s.value("scale_cells", -1) == scale) return s;
  throw std::runtime_error("no score " + name);
}
}  // namespace
BOOST_AUTO_TEST_SUITE(verify_verb)

BOOST_AUTO_TEST_CASE(a_perfect_forecast_scores_best_at_every_lead_and_all_files_are_written) {
  const std::string root = test::temporary_folder("verify_perfect"), out = root + "/out";
  BOOST_REQUIRE(guyu_run({"verify", forecasts(root, 0), observed(root), "--thresholds", "1,5", "--scales", "1,3", "--out", out, "--quiet"}) == 0);
  const auto json = scores_in(out);
  BOOST_REQUIRE(json["leads"].size() == 2U);
  for (const auto& lead : json["leads"]) {
    BOOST_TEST(lead["fields"] == 2);
    BOOST_TEST(lead["pairs"] == 200);
    BOOST_TEST(score(lead, "csi", 5)["value"] == 1.0);
    BOOST_TEST(score(lead, "mae")["value"] == 0.0);
    BOOST_TEST(score(lead, "fss", 1, 3)["value"] == 1.0);
    BOOST_TEST(score(lead, "csi", 1)["low"] == 1.0);
  }
  BOOST_TEST(std::filesystem::exists(out + "/scores.nc"));
  BOOST_TEST(read_text_file(out + "/report.html").find("</html>") != std::string::npos);
}

// One column off: 6 of 9 cells agree: 6 hits, 3 misses, 3 false alarms a field.
BOOST_AUTO_TEST_CASE(a_shift_is_counted_cell_by_cell) {
  const std::string root = test::temporary_folder("verify_shift"), out = root + "/out";
  BOOST_REQUIRE(guyu_run({"verify", forecasts(root, 1) + "/*.nc", observed(root), "--thresholds", "10", "--leads", "60", "--bootstrap", "0", "--out", out,
                          "--quiet"}) == 0);
  const auto json = scores_in(out);
  BOOST_REQUIRE(json["leads"].size() == 1U);
  const auto& lead = json["leads"][0];
  BOOST_TEST(lead["events"][0]["table"]["hits"] == 12);
  BOOST_TEST(lead["events"][0]["table"]["misses"] == 6);
  BOOST_TEST(lead["events"][0]["table"]["false_alarms"] == 6);
  BOOST_TEST(score(lead, "csi", 10)["value"] == 0.5);
  BOOST_TEST(score(lead, "csi", 10)["low"].is_null());
  BOOST_TEST(score(lead, "mae")["value"].get<double>() == 2 * 6 * 10.0 / 200, boost::test_tools::tolerance(1e-12));
}

// The same rule the other way about: an event above 10 mm/h never comes.
BOOST_AUTO_TEST_CASE(events_above_do_not_count_the_threshold_itself) {
  const std::string root = test::temporary_folder("verify_above"), out = root + "/out";
  BOOST_REQUIRE(guyu_run({"verify", forecasts(root, 0), observed(root), "--thresholds", "10", "--event", "above", "--out", out, "--quiet"}) == 0);
  BOOST_TEST(scores_in(out)["leads"][0]["events"][0]["table"]["correct_negatives"] == 200);
}

BOOST_AUTO_TEST_CASE(a_missing_forecast_is_skipped_or_counts_as_dry_as_asked) {
  const std::string root = test::temporary_folder("verify_missing");
  std::vector<std::pair<TimePoint, Field>> steps;
  steps.emplace_back(at(30), block(column_at(30)));
  for (std::int64_t i = 0; i < 10; ++i) steps[0].second.view()(5, i) = NAN;  // three of the nine wet cells among them
  write(root + "/f.nc", at(0), steps);
  const std::string obs = observed(root);
  for (const std::string missing : {"skip", "zero"}) {
    BOOST_REQUIRE(guyu_run({"verify", root + "/f.nc", obs, "--thresholds", "1", "--missing-forecast", missing, "--out", root + "/" + missing, "--quiet"}) == 0);
    const auto lead = scores_in(root + "/" + missing)["leads"][0];
    BOOST_TEST(lead["pairs"] == (missing == "skip" ? 90 : 100));
    BOOST_TEST(lead["unjudged"] == (missing == "skip" ? 10 : 0));
    BOOST_TEST(lead["events"][0]["table"]["misses"] == (missing == "skip" ? 0 : 3));
  }
}

// Members at columns -1, 0, +1 of the truth, in one file with a realization axis as other centres write it.
BOOST_AUTO_TEST_CASE(an_ensemble_gets_its_own_scores_and_one_member_can_stand_alone) {
  const std::string root = test::temporary_folder("verify_ensemble");
  {
    test::NetcdfWriter w(root + "/e.nc", NC_NETCDF4);
    const int m = w.axis("realization", "realization", "1", 3), t = w.axis("time", "time", "seconds since 1970-01-01 00:00:00", 2);
    const int y = w.axis("lat", "latitude", "degrees_north", 10), x = w.axis("lon", "longitude", "degrees_east", 10);
    const int issued = w.variable("forecast_reference_time", NC_DOUBLE, {});
    w.text(issued, "standard_name", "forecast_reference_time"), w.text(issued, "units", "seconds since 1970-01-01 00:00:00");
    const int rain = w.variable("rainfall_rate", NC_FLOAT, {m, t, y, x});
    w.text(rain, "standard_name", "rainfall_rate"), w.text(rain, "units", "mm h-1");
    std::vector<double> values, lat, lon;
    for (int k = 0; k < 10; ++k) lat.push_back(kGrid.y(k)), lon.push_back(kGrid.x(k));
    for (const int off : {-1, 0, 1})
      for (const int lead : {30, 60}) {
        const Field f = block(column_at(lead) + off);
        values.insert(values.end(), f.values().begin(), f.values().end());
      }
    const auto seconds = [](TimePoint p) { return static_cast<double>(p.time_since_epoch().count()); };
    w.put("realization", {1, 2, 3}), w.put("time", {seconds(at(30)), seconds(at(60))}), w.put("lat", lat), w.put("lon", lon);
    w.put(issued, {seconds(at(0))}), w.put(rain, values);
  }
  const std::string obs = observed(root);
  BOOST_REQUIRE(guyu_run({"verify", root + "/e.nc", obs, "--thresholds", "10", "--out", root + "/all", "--quiet"}) == 0);
  const auto json = scores_in(root + "/all");
  BOOST_TEST(json["members"] == 3);
  const auto& lead = json["leads"][0];
  // In each row the truth's columns 0, 1, 2 are wet in 2, 3, 2 members, and two dry columns beside in one
  // each. One of three members wrong costs 10 (1/3 - 2/9) by the definition: CRPS = 3 rows x 4 cells x 10/9 /
  // 100 cells.
  BOOST_TEST(score(lead, "crps")["value"].get<double>() == 12 * (10.0 / 9) / 100, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(score(lead, "brier", 10)["value"].get<double>() == 12 * (1.0 / 9) / 100, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(score(lead, "roc_area", 10)["value"] == 1.0);  // every wet cell has at least 2 members, every dry one at most 1
  BOOST_REQUIRE(guyu_run({"verify", root + "/e.nc", obs, "--thresholds", "10", "--member", "2", "--out", root + "/one", "--quiet"}) == 0);
  BOOST_TEST(scores_in(root + "/one")["members"] == 1);
  BOOST_TEST(score(scores_in(root + "/one")["leads"][1], "csi", 10)["value"] == 1.0);
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_and_the_order_of_files_change_no_byte) {
  const std::string root = test::temporary_folder("verify_threads"), fc = forecasts(root, 1), obs = observed(root);
  std::string first;
  for (const char* threads : {"1", "2", "4"}) {
    BOOST_REQUIRE(guyu_run({"--threads", threads, "verify", fc, obs, "--out", root + "/out", "--quiet"}) == 0);
    const std::string text = read_text_file(root + "/out/scores.json");
    BOOST_TEST((first.empty() || text == first));
    first = text;
  }
  guyu_run({"--threads", "0", "rules", "cma_2007_rainstorm"});
}

BOOST_AUTO_TEST_CASE(townships_are_scored_by_their_area_means) {
  const std::string root = test::temporary_folder("verify_towns"), out = root + "/out";
  write_file_atomically(root + "/towns.geojson", R"({"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"W"},"geometry":{"type":"Polygon","coordinates":[[[110.0,30.0],[110.5,30.0],[110.5,31.0],[110.0,31.0],[110.0,30.0]]]}},
 {"type":"Feature","properties":{"code":"E"},"geometry":{"type":"Polygon","coordinates":[[[110.5,30.0],[111.0,30.0],[111.0,31.0],[110.5,31.0],[110.5,30.0]]]}},
 {"type":"Feature","properties":{"code":"far"},"geometry":{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,31],[120,30]]]}}]})");
  BOOST_REQUIRE(guyu_run({"verify", forecasts(root, 1), observed(root), "--regions", root + "/towns.geojson", "--code", "code", "--thresholds", "0.5", "--out",
                          out, "--quiet"}) == 0);
  const auto json = scores_in(out);
  const auto& lead = json["leads"][0];
  BOOST_TEST(lead["pairs"] == 4);     // two townships, two issue times
  BOOST_TEST(lead["unjudged"] == 2);  // the one that the grid does not see
  for (const auto& s : lead["scores"]) BOOST_TEST(s["score"] != "fss");
  // At 30 min the truth stands on columns 2-4, all west; the forecast on 3-5: a third of it has gone east. At
  // 90 min: truth 4-6, forecast 5-7.
  BOOST_TEST(lead["events"][0]["table"]["hits"] == 2);
  BOOST_TEST(lead["events"][0]["table"]["false_alarms"] == 1);
}

BOOST_AUTO_TEST_CASE(another_grid_is_an_error_that_names_the_way_out) {
  const std::string root = test::temporary_folder("verify_grid");
  const Grid other("+proj=longlat +datum=WGS84 +no_defs", 110.05, 30.95, 0.2, 0.1, 10, 10);
  std::vector<std::pair<TimePoint, Field>> steps;
  steps.emplace_back(at(30), Field(other, {}));
  write(root + "/f.nc", at(0), steps, other);
  const std::string obs = observed(root);
  BOOST_TEST(guyu_run({"verify", root + "/f.nc", obs, "--quiet"}) == 2);
  using namespace cli::verify;
  std::vector<std::string> problems;
  const Pairing pairing =
      pair_up(list_fields({root + "/f.nc"}, "rainfall_rate", problems), list_fields(named_files(obs), "rainfall_rate", problems), {}, problems);
  PairScoring scoring;
  scoring.quantity = "rainfall_rate";
  try {
    score_pairs(pairing, scoring, problems, [](std::size_t, std::size_t) {});
    BOOST_ERROR("should not go through");
  } catch (const Error& e) {
    BOOST_TEST(e.remedy().find("guyu regrid") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two_and_a_broken_file_degrades) {
  const std::string root = test::temporary_folder("verify_mistakes"), fc = forecasts(root, 0), obs = observed(root);
  BOOST_TEST(guyu_run({"verify", fc}) == 2);
  BOOST_TEST(guyu_run({"verify", fc, root + "/absent"}) == 2);
  BOOST_TEST(guyu_run({"verify", fc, obs, "--scales", "4"}) == 2);
  BOOST_TEST(guyu_run({"verify", fc, obs, "--thresholds", "1,x"}) == 2);
  for (const char* none : {"nan", "inf", "1,-inf"}) BOOST_TEST(guyu_run({"verify", fc, obs, "--thresholds", none}) == 2, none);
  BOOST_TEST(guyu_run({"verify", fc, obs, "--leads", "17"}) == 2);
  BOOST_TEST(guyu_run({"verify", fc, obs, "--missing-forecast", "guess"}) == 2);
  BOOST_TEST(guyu_run({"verify", obs, obs, "--quiet"}) == 2);  // observations state no lead
  BOOST_TEST(guyu_run({"verify", "--warnings", root, obs}) == 2);
  write_file_atomically(root + "/fc/broken.nc", "CDF\x01 nothing");
  BOOST_TEST(guyu_run({"verify", fc, obs, "--quiet"}) == 1);
}

// Rain of 60 mm/h begins over the western township at minute 0; blue (50 mm in 12 h) is reached at minute 50,
// and a cycle at minute 20 says so.
BOOST_AUTO_TEST_CASE(warnings_of_a_run_are_held_against_the_rain_that_fell) {
  const test::SmallCase c("verify_warnings");
  c.frames(kStart - Seconds(3600), kStart - Seconds(300), 0);
  c.frames(kStart, kStart + Seconds(3 * 3600), 60);
  for (const int m : {0, 20, 40}) BOOST_REQUIRE(guyu_run({"run", c.config(), "--data", c.data, "--out", c.out, "--time", to_iso(at(m)), "--quiet"}) <= 1);
  const std::string out = c.data + "/../scores";
  BOOST_TEST(guyu_run({"verify", "--warnings", c.out, c.data + "/radar", "--regions", c.data + "/towns.geojson", "--code", "code", "--dry-before",
                       "2024-06-30T23:00:00Z", "--out", out, "--quiet"}) == 0);
  const auto blue = scores_in(out)["warnings"][0];
  BOOST_TEST(blue["level"] == "Blue");
  BOOST_TEST(blue["hits"] == 1);
  BOOST_TEST(blue["misses"] == 0);
  BOOST_TEST(blue["false_alarms"] == 0);
  BOOST_TEST(blue["median_lead_minutes"].get<double>() >= 30);
  BOOST_TEST(blue["median_lead_minutes"].get<double>() <= 50);
  BOOST_TEST(guyu_run({"verify", "--warnings", c.data, c.data + "/radar", "--regions", c.data + "/towns.geojson", "--code", "code"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
