#include "cli/run/cycle.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "alerts/dispatch/inbox.h"
#include "alerts/store/alert_store.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/cli/run/small_case.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::SmallCase;
namespace fs = std::filesystem;

namespace {
const TimePoint kStart = parse_time("2024-07-01T00:00:00Z");
TimePoint minute(int m) { return kStart + Seconds(60 * m); }

CycleResult run(const SmallCase& c, TimePoint t, const std::string& out = "") {
  return run_cycle({c.config(), c.data, out.empty() ? c.out : out, t, "", "", {}});
}
Level west(const CycleResult& r) { return r.risk.rows.at(0).level; }
Level east(const CycleResult& r) { return r.risk.rows.at(1).level; }

// Bytes of every file below a folder that a replay must repeat: reports carry timings, so they are left out.
// The store keeps the wall times at which people and runs came to it, and names of items are of such times.
std::map<std::string, std::string> replayable(const std::string& out) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const std::string name = fs::relative(entry.path(), out).string();
    if (!entry.is_regular_file() || entry.path().filename() == "report.json" || entry.path().stem() == "store" || name.rfind("cache", 0) == 0 ||
        entry.path().filename() == "item.json" || name.rfind("state/run.lock", 0) == 0)
      continue;
    files[name] = read_text_file(entry.path().string());
  }
  return files;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(cycle)

BOOST_AUTO_TEST_CASE(rain_over_one_township_warns_it_alone_and_says_why) {
  const SmallCase c("cycle_warns");
  c.frames(minute(0), minute(60), 40);
  const CycleResult r = run(c, minute(60));
  BOOST_TEST(r.report.degraded.empty());
  // 40 mm fell, 40 mm more in the next hour: 50 mm in 3 h is orange.
  BOOST_TEST((west(r) == Level::orange));
  BOOST_TEST((east(r) == Level::none));
  const Evidence& why = r.risk.rows[0].evidence;
  BOOST_TEST(why.observed == 40, boost::test_tools::tolerance(0.01));
  BOOST_TEST(why.observed + why.forecast >= 50);
  BOOST_REQUIRE(r.report.alerts.size() == 1U);
  BOOST_TEST(r.report.alerts[0].message_type == "Alert");
  BOOST_TEST(r.report.alerts[0].regions == std::vector<std::string>{"110000000001"}, boost::test_tools::per_element());
  for (const char* name : {"grids.nc", "townships.nc", "townships.gpkg", "levels_rainstorm.png", "rain_rate.png", "rain_expected.png", "report.json"})
    BOOST_TEST(fs::exists(r.folder + "/" + name), name);
  const auto report = nlohmann::json::parse(read_text_file(c.out + "/report.json"));
  BOOST_TEST(report["status"] == "ok");
  BOOST_TEST(report["alerts"].size() == 1U);
  BOOST_TEST(report["inputs"].size() == 13U);
  for (const auto& p : report["products"]) BOOST_TEST(fs::exists(c.out + "/" + p.get<std::string>()), p);
}

BOOST_AUTO_TEST_CASE(a_warning_is_issued_once_updated_when_it_rises_and_lifted_after_the_hold) {
  const SmallCase c("cycle_life");
  c.frames(minute(0), minute(60), 40);
  const CycleResult first = run(c, minute(60));
  BOOST_REQUIRE(first.report.alerts.size() == 1U);
  const CycleResult again = run(c, minute(60));  // reported alike, and decided once
  BOOST_REQUIRE(again.report.alerts.size() == 1U);
  BOOST_TEST(again.report.alerts[0].identifier == first.report.alerts[0].identifier);
  BOOST_TEST(AlertStore(AlertFolder{c.out + "/alerts"}.store(), Database::Mode::read).decisions(first.report.alerts[0].event).size() == 1U);
  c.frames(minute(65), minute(90), 90);
  const CycleResult risen = run(c, minute(90));
  BOOST_TEST((west(risen) == Level::red));
  BOOST_REQUIRE(risen.report.alerts.size() == 1U);
  BOOST_TEST(risen.report.alerts[0].message_type == "Update");
  const std::string update = read_text_file(c.out + "/cap/" + risen.report.alerts[0].identifier + ".xml");
  BOOST_TEST(update.find("," + first.report.alerts[0].identifier + ",") != std::string::npos);
  c.frames(minute(95), minute(320), 0);
  std::vector<std::string> types;
  for (int m = 100; m <= 320; m += 10)
    for (const auto& a : run(c, minute(m)).report.alerts) types.push_back(a.message_type);
  BOOST_REQUIRE(!types.empty());
  BOOST_TEST(types.back() == "Cancel");
  BOOST_TEST(std::count(types.begin(), types.end(), "Cancel") == 1);
}

BOOST_AUTO_TEST_CASE(a_second_cycle_reads_only_what_is_new_and_comes_to_the_same_answer_as_one_that_reads_all) {
  const SmallCase c("cycle_state");
  c.frames(minute(0), minute(60), 25);
  run(c, minute(45));
  const CycleResult second = run(c, minute(60));
  const CycleResult whole = run(c, minute(60), c.out + "_whole");
  BOOST_TEST(second.report.inputs.size() < whole.report.inputs.size());
  BOOST_REQUIRE(second.table.columns.size() == whole.table.columns.size());
  for (std::size_t k = 0; k < whole.table.columns.size(); ++k)
    BOOST_TEST(second.table.columns[k].values == whole.table.columns[k].values, boost::test_tools::per_element());
  BOOST_TEST((west(second) == west(whole)));
}

BOOST_AUTO_TEST_CASE(a_broken_frame_degrades_the_run_and_is_named) {
  const SmallCase c("cycle_broken");
  c.frames(minute(0), minute(60), 40);
  const std::string good = read_text_file(c.frame_path(minute(30)));
  std::ofstream(c.frame_path(minute(30)), std::ios::binary).write(good.data(), static_cast<std::streamsize>(good.size() / 2));
  const CycleResult r = run(c, minute(60));
  BOOST_REQUIRE(!r.report.degraded.empty());
  BOOST_TEST(r.report.degraded[0].find("r_202407010030.nc") != std::string::npos);
  BOOST_TEST((west(r) == Level::orange));  // its neighbours close the gap
}

BOOST_AUTO_TEST_CASE(without_radar_the_answer_is_unknown_and_a_standing_warning_stays) {
  const SmallCase c("cycle_silent");
  c.frames(minute(0), minute(60), 40);
  run(c, minute(60));
  fs::remove_all(c.data + "/radar");
  const CycleResult r = run(c, minute(120));
  BOOST_TEST(!r.report.degraded.empty());
  BOOST_TEST((west(r) == Level::unknown));
  BOOST_TEST((east(r) == Level::unknown));
  for (const auto& a : r.report.alerts) BOOST_TEST(a.message_type != "Cancel");
  BOOST_TEST(fs::exists(r.folder + "/townships.nc"));
}

BOOST_AUTO_TEST_CASE(products_and_state_that_cannot_be_written_do_not_hold_a_warning_back) {
  const SmallCase c("cycle_full");
  c.frames(minute(0), minute(60), 40);
  write_file_atomically(c.out + "/cycles", "a file where the folder of products should be");
  fs::create_directories(c.out + "/state/rain_history.nc/in_the_way");
  const CycleResult r = run(c, minute(60));
  BOOST_REQUIRE(r.report.alerts.size() == 1U);
  BOOST_TEST(fs::exists(c.out + "/cap/" + r.report.alerts[0].identifier + ".xml"));
  std::string reasons;
  for (const std::string& d : r.report.degraded) reasons += d + "\n";
  for (const char* stage : {"cycle state: ", "grids: ", "township files: ", "maps: ", "report: "})
    BOOST_TEST(reasons.find(stage) != std::string::npos, stage << reasons);
  BOOST_TEST(nlohmann::json::parse(read_text_file(c.out + "/report.json"))["status"] == "degraded");
}

BOOST_AUTO_TEST_CASE(a_wrong_pattern_is_a_mistake_in_the_configuration_and_not_a_late_file) {
  const SmallCase c("cycle_pattern");
  std::string text = read_text_file(c.config());
  text.replace(text.find("%Y%m%d%H%M"), 10, "%Y%m%d%H%N");
  write_file_atomically(c.config(), text);
  BOOST_CHECK_EXCEPTION(run(c, minute(60)), Error, [](const Error& e) { return e.place().find("case.toml:") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(the_same_files_give_the_same_bytes_for_any_number_of_threads) {
  const SmallCase c("cycle_bytes");
  c.frames(minute(0), minute(60), 40);
  set_num_threads(1);
  run(c, minute(55));
  run(c, minute(60));
  set_num_threads(4);
  run(c, minute(55), c.out + "_again");
  run(c, minute(60), c.out + "_again");
  set_num_threads(0);
  const auto first = replayable(c.out), second = replayable(c.out + "_again");
  BOOST_TEST(first.size() >= 10U);
  BOOST_REQUIRE(first.size() == second.size());
  for (const auto& [name, bytes] : first) BOOST_TEST((second.count(name) == 1 && second.at(name) == bytes), name);
}

BOOST_AUTO_TEST_CASE(a_cycle_before_the_last_one_is_refused_with_a_remedy) {
  const SmallCase c("cycle_order");
  c.frames(minute(0), minute(60), 1);
  run(c, minute(60));
  BOOST_CHECK_EXCEPTION(run(c, minute(55)), Error, [](const Error& e) { return !e.remedy().empty(); });
}

BOOST_AUTO_TEST_CASE(a_plan_is_shown_without_writing_anything) {
  const SmallCase c("cycle_plan");
  c.frames(minute(0), minute(30), 1);
  const std::string text = plan_cycle({c.config(), c.data, c.out, minute(30), "", "", {}});
  BOOST_TEST(text.find("r_202407010030.nc") != std::string::npos);
  BOOST_TEST(!fs::exists(c.out));
}

BOOST_AUTO_TEST_CASE(weights_that_cannot_be_kept_hold_no_warning_back) {
  const SmallCase c("cycle_cache");
  c.frames(minute(0), minute(60), 40);
  write_file_atomically(c.out + "/cache", "a file where the folder should be");
  const CycleResult r = run(c, minute(60));
  BOOST_TEST(r.report.alerts.size() == 1U);
  BOOST_REQUIRE(r.report.degraded.size() == 1U);
  BOOST_TEST(r.report.degraded[0].find("cache: ") == 0U, r.report.degraded[0]);
}

BOOST_AUTO_TEST_CASE(what_a_killed_run_left_half_written_is_removed) {
  const SmallCase c("cycle_leftover");
  c.frames(minute(0), minute(60), 0);
  const std::vector<std::string> left{"/state/rain_history.nc.tmp99", "/cap/2.49.xml.tmp99", "/report.json.tmp99", "/cycles/20240701T010000Z/grids.nc.tmp99"};
  for (const std::string& name : left) write_file_atomically(c.out + name, "half");
  run(c, minute(60));
  for (const std::string& name : left) BOOST_TEST(!fs::exists(c.out + name), name);
}

BOOST_AUTO_TEST_SUITE_END()
