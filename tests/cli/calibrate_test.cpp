#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/calibration_file.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/run/small_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::guyu_run;

namespace {
CalibrationFile some() {
  CalibrationFile f;
  f.hazard = "rainstorm", f.pack = "some pack";
  f.codes = {"110", "120"};
  f.archive = {parse_time("2024-06-01T00:00:00Z"), parse_time("2024-07-01T00:00:00Z")};
  for (Calibration& c : f.levels) c.intercept = -0.5, c.slope = 0.8, c.offsets = {0.4F, 0}, c.cases = 100, c.events = 7;
  f.levels[1] = {};
  f.levels[1].method = CalibrationMethod::isotonic;
  f.levels[1].knots = {0.1F, 0.9F}, f.levels[1].values = {0.2F, 0.6F};
  f.levels[1].cases = 40;
  return f;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(calibrate)

BOOST_AUTO_TEST_CASE(a_calibration_comes_back_from_its_file) {
  const std::string path = test::temporary_folder("calibration") + "/c.json";
  write_file_atomically(path, to_json(some()));
  const CalibrationFile back = read_calibration(path, "rainstorm");
  BOOST_TEST((back.codes == some().codes));
  for (std::size_t l = 0; l < 4; ++l)
    for (const std::size_t r : {0U, 1U, 5U})
      for (const float p : {0.0F, 0.2F, 0.5F, 1.0F}) BOOST_TEST(back.levels[l](r, p) == some().levels[l](r, p));
  // Codes carry the offsets: another order of the regions, and one more.
  const CalibratedProbability probability = as_probability(back, {"120", "999", "110"});
  BOOST_TEST(probability(2, Level::blue, 0.5F) == some().levels[0](0, 0.5F));
  BOOST_TEST(probability(0, Level::blue, 0.5F) == some().levels[0](1, 0.5F));
  BOOST_TEST(probability(1, Level::blue, 0.5F) == some().levels[0](9, 0.5F));
}

BOOST_AUTO_TEST_CASE(other_versions_hazards_and_kinds_of_files_are_refused_by_name) {
  const std::string path = test::temporary_folder("calibration_bad") + "/c.json";
  const auto refused = [&](const std::string& text, const std::string& why) {
    write_file_atomically(path, text);
    BOOST_CHECK_EXCEPTION(read_calibration(path, "rainstorm"), Error, [&](const Error& e) {
      return std::string(e.what()).find(why) != std::string::npos && std::string(e.what()).find(path) != std::string::npos;
    });
  };
  auto json = nlohmann::ordered_json::parse(to_json(some()));
  json["format"] = 2;
  refused(json.dump(), "format 2");
  json["format"] = 1, json["hazard"] = "hail";
  refused(json.dump(), "hail");
  json["hazard"] = "rainstorm", json["levels"]["yellow"]["values"] = {0.6, 0.2};
  refused(json.dump(), "rise");
  json["levels"].erase("yellow");
  refused(json.dump(), "calibration");
  refused("{}", "no calibration");
  refused("not json", "calibration");
}

BOOST_AUTO_TEST_CASE(cycles_teach_and_later_cycles_take_it) {
  const test::SmallCase c("calibrate");
  const TimePoint start = parse_time("2024-07-01T00:00:00Z");
  c.frames(start, start + std::chrono::hours(4), 30);
  for (int k = 1; k <= 3; ++k)
    BOOST_REQUIRE(guyu_run({"run", c.config(), "--data", c.data, "--out", c.out, "--time", to_iso(start + std::chrono::minutes(40 * k))}) <= 1);
  const std::string file = c.data + "/learnt.json";
  const test::Said said = test::guyu_said({"calibrate", "--runs", c.out, "--observations", c.data + "/radar", "--regions", c.data + "/towns.geojson", "--code",
                                           "code", "--block", "40", "--out", file});
  BOOST_TEST(said.code <= 1);
  BOOST_TEST(said.out.find("Blue") != std::string::npos);
  BOOST_TEST(read_calibration(file, "rainstorm").codes.size() == 2U);

  std::string config = read_text_file(c.config());
  write_file_atomically(c.data + "/with.toml", config + "\n[ensemble]\ncalibration = \"learnt.json\"\n");
  BOOST_REQUIRE(guyu_run({"run", c.data + "/with.toml", "--data", c.data, "--out", c.out, "--time", to_iso(start + std::chrono::minutes(160))}) <= 1);
  const auto report = nlohmann::json::parse(read_text_file(c.out + "/report.json"));
  bool named = false;
  for (const auto& input : report.at("inputs")) named = named || (input.at("role") == "calibration" && !input.at("sha256").get<std::string>().empty());
  BOOST_TEST(named);

  write_file_atomically(file, "damaged");
  BOOST_TEST(guyu_run({"run", c.data + "/with.toml", "--data", c.data, "--out", c.out, "--time", to_iso(start + std::chrono::minutes(165))}) == 1);
  BOOST_TEST(read_text_file(c.out + "/report.json").find("calibration") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_words_are_user_errors) {
  const std::string folder = test::temporary_folder("calibrate_bad");
  BOOST_TEST(guyu_run({"calibrate", "--runs", folder}) == 2);
  BOOST_TEST(
      guyu_run({"calibrate", "--runs", folder, "--observations", folder, "--regions", folder + "/r.gpkg", "--code", "code", "--out", folder + "/c.json"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
