#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/core/atomic_file.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"

using namespace guyu;
using guyu::test::guyu_said;
using nlohmann::json;
namespace {

// Six instants of a rate of 6 mm/h, ten minutes apart, over 30 x 30 cells of 0.02 degrees; the eastern third is not seen.
std::string radar_file(const std::string& folder) {
  const std::string path = folder + "/radar.nc";
  const Grid grid("EPSG:4326", 114, 30, 0.02, 0.02, 30, 30);
  GridNetcdfWriter w(path, grid, {"radar", "test", "", {}, parse_time("2021-07-20T04:00Z")});
  GridVariable v{"rainfall_rate", "rate", quantities::rainfall_rate(), TimeKind::instant, {}, ""};
  for (int k = 0; k <= 6; ++k) v.times.push_back({parse_time("2021-07-20T03:00Z") + Seconds(600 * k), parse_time("2021-07-20T03:00Z") + Seconds(600 * k)});
  w.add(v);
  Field f(grid, {});
  for (std::int64_t j = 0; j < 30; ++j) {
    for (std::int64_t i = 0; i < 20; ++i) f.view()(j, i) = 6;
  }
  for (std::size_t k = 0; k < 7; ++k) w.write(0, k, std::as_const(f).view());
  w.close();
  return path;
}

// Hourly gauges that saw 9 mm; one is a sign for missing, one stands at 0, 0, one in the radar's gap.
std::string gauge_file(const std::string& folder) {
  std::string text = "code,lon,lat,time,rain_1h [mm]\n";
  int k = 0;
  for (const auto& [lon, lat] : {std::pair{114.04, 29.96}, {114.2, 29.9}, {114.3, 29.7}, {114.1, 29.6}, {114.24, 29.5}, {114.34, 29.86}}) {
    text += "G" + std::to_string(k++) + "," + std::to_string(lon) + "," + std::to_string(lat) + ",2021-07-20T04:00Z,9\n";
  }
  text += "BAD,114.15,29.8,2021-07-20T04:00Z,-3\nZERO,0,0,2021-07-20T04:00Z,9\nGAP,114.48,29.7,2021-07-20T04:00Z,11\n";
  write_file_atomically(folder + "/gauges.csv", text);
  return folder + "/gauges.csv";
}

}  // namespace
BOOST_AUTO_TEST_SUITE(gauges_verb)

BOOST_AUTO_TEST_CASE(gauges_correct_the_radar_fill_its_gap_and_the_report_says_what_was_done) {
  const std::string folder = test::temporary_folder("gauges_verb"), out = folder + "/merged.nc", report = folder + "/report.json";
  const auto said = guyu_said({"gauges", gauge_file(folder), "--radar", radar_file(folder), "--out", out, "--report", report});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(said.out.find("leave one out") != std::string::npos);
  const FileFields file = read_file(out);
  BOOST_REQUIRE(file.fields.size() == 1U);
  const Field& f = file.fields[0];
  BOOST_TEST((f.meta.quantity == quantities::precipitation_amount()));
  BOOST_TEST(to_iso(f.meta.valid.begin) == "2021-07-20T03:00:00Z");
  BOOST_TEST(f.view()(5, 5) == 9.0F, boost::test_tools::tolerance(0.02F));     // the radar says 6
  BOOST_TEST(f.view()(15, 24) == 11.0F, boost::test_tools::tolerance(0.15F));  // the gauge in the gap
  const json j = json::parse(read_text_file(report));
  BOOST_TEST(j["quality"]["counts"]["range"] == 1);
  BOOST_TEST(j["quality"]["counts"]["wrong-place"] == 1);
  BOOST_TEST(j["quality"]["reports"][0]["reason"] == "0, 0 is a sign for unknown coordinates");
  BOOST_TEST(j["intervals"][0]["method"] == "conditional");  // a radar of one value has no slope
  BOOST_TEST(j["intervals"][0]["reason"].get<std::string>().find("does not differ") != std::string::npos);
  BOOST_TEST(j["intervals"][0]["cells_from_gauges"].get<int>() > 0);
  BOOST_TEST(j["leave_one_out"]["none"]["rmse_mm"].get<double>() == 3.0, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(j["leave_one_out"]["mean-field-bias"]["rmse_mm"].get<double>() < 0.5);
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two_and_write_nothing) {
  const std::string folder = test::temporary_folder("gauges_verb"), out = folder + "/merged.nc", gauges = gauge_file(folder), radar = radar_file(folder);
  const auto code = [&](std::vector<std::string> words) { return test::guyu_run(std::move(words)); };
  BOOST_TEST(code({"gauges", gauges, "--radar", radar, "--out", out, "--method", "kriging"}) == 2);
  BOOST_TEST(code({"gauges", gauges, "--radar", radar, "--out", out, "--interval", "600"}) == 2);
  BOOST_TEST(code({"gauges", gauges, "--radar", radar, "--out", out, "--max-gap", "5"}) == 2);  // the rain between frames is unknown
  BOOST_TEST(code({"gauges", gauges, "--radar", radar, "--out", out, "--reach", "-1"}) == 2);
  BOOST_TEST(code({"gauges", radar, "--radar", radar, "--out", out}) == 2);
  BOOST_TEST(code({"gauges", folder + "/absent.csv", "--radar", radar, "--out", out}) == 2);
  BOOST_TEST(!std::filesystem::exists(out));
}

BOOST_AUTO_TEST_CASE(a_station_list_finds_gauges_that_have_moved) {
  const std::string folder = test::temporary_folder("gauges_verb"), list = folder + "/list.csv", report = folder + "/report.json";
  write_file_atomically(list, "code,lon,lat\nG0,114.04,29.96\nG1,113.2,29.9\n");
  BOOST_TEST(
      guyu_said({"gauges", gauge_file(folder), "--radar", radar_file(folder), "--station-list", list, "--out", folder + "/m.nc", "--report", report}).code ==
      0);
  BOOST_TEST(json::parse(read_text_file(report))["quality"]["counts"]["off-list"] == 1);
}

BOOST_AUTO_TEST_CASE(in_gothenburg_merged_rain_beats_the_radar_alone_at_gauges_left_out) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string folder = test::temporary_folder("gauges_verb"), report = folder + "/report.json", openmrg = data + "/gauge/openmrg/OpenMRG/openmrg_";
  for (const char* minutes : {"5", "15", "30", "60", "150"}) {
    // Exit code 1: the radar file contradicts itself about north and south.
    BOOST_TEST(guyu_said({"gauges", openmrg + "municp_gauge_5min_2h.nc", openmrg + "smhi_gauge_5min_2h.nc", "--radar", openmrg + "rad_5min_2h.nc", "--interval",
                          minutes, "--out", folder + "/merged.nc", "--report", report})
                   .code == 1);
    const json scores = json::parse(read_text_file(report))["leave_one_out"];
    const auto rmse = [&](const char* method) { return scores[method]["rmse_mm"].get<double>(); };
    BOOST_TEST_MESSAGE(minutes << " min: leave-one-out RMSE mm: radar alone " << rmse("none") << ", mean field bias " << rmse("mean-field-bias")
                               << ", conditional " << rmse("conditional") << ", external drift " << rmse("ked") << ", gauges alone " << rmse("gauges-alone"));
    BOOST_TEST(scores["ked"]["pairs"] == scores["none"]["pairs"]);
    BOOST_TEST(rmse("mean-field-bias") < 0.85 * rmse("none"));
    BOOST_TEST(rmse("conditional") < 0.7 * rmse("none"));
    BOOST_TEST(rmse("ked") < 1.15 * rmse("gauges-alone"));
    BOOST_TEST(rmse("ked") < 0.63 * rmse("none"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
