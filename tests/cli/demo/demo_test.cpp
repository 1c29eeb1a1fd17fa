#include "cli/demo/demo.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli::demo;
namespace fs = std::filesystem;
namespace {

// All files but the reports, which tell how long the stages took.
// Reports say how long things took, the store when they came.
std::map<std::string, std::string> hashes(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().filename() != "report.json" && entry.path().filename() != "item.json" && entry.path().stem() != "store")
      found[fs::relative(entry.path(), folder).string()] = hash_file(entry.path().string());
  return found;
}

// One run serves all tests here.
struct Run {
  std::string folder = test::temporary_folder("demo");
  DemoOutcome outcome = run_demo({folder, {}});
};
const Run& once() {
  static const Run run;
  return run;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(demo)

BOOST_AUTO_TEST_CASE(all_levels_occur_and_warnings_are_issued_updated_and_raised) {
  std::set<Level> decided, truth;
  std::set<std::string> types, reasons;
  for (const cli::CycleResult& c : once().outcome.cycles) {
    for (const std::string& d : c.report.degraded) BOOST_ERROR(d);
    for (const RiskRow& r : c.risk.rows) decided.insert(r.level);
    for (const auto& a : c.report.alerts) types.insert(a.message_type), reasons.insert(a.reason);
  }
  for (const CycleScore& s : once().outcome.scores.cycles) truth.insert(s.truth.begin(), s.truth.end());
  BOOST_TEST(decided.size() == 6U);  // with Unknown and None
  BOOST_TEST(truth.size() == 5U);    // the truth is always known
  BOOST_TEST((types.count("Alert") && types.count("Update")));
  BOOST_TEST((reasons.count("onset") && reasons.count("escalation")));
}

BOOST_AUTO_TEST_CASE(the_worst_is_warned_of_and_the_extrapolation_has_skill) {
  const Scores& s = once().outcome.scores;
  BOOST_TEST(s.total[3].detection() > 0.5);
  BOOST_TEST(s.total[3].false_ratio() < 0.5);
  for (const CycleScore& c : s.cycles) {
    BOOST_TEST(c.next_hour.pairs > 400U);
    BOOST_TEST(c.next_hour.correlation > 0.6);
  }
  // A truth that the cycles knew would be hit every time.
  BOOST_TEST(s.total[0].misses > 0U);
  BOOST_TEST(s.total[0].false_alarms > 0U);
}

BOOST_AUTO_TEST_CASE(the_summary_tells_people_and_machines_the_same) {
  const std::string text = read_text_file(once().folder + "/summary.txt");
  BOOST_TEST(text == summary_text(once().outcome));
  for (const char* part : {"WHAT THE CYCLES DECIDED", "WARNINGS SENT", "HOW RIGHT THEY WERE", "HOW EARLY", "WORST-HIT", "WHERE TO LOOK", "镇"})
    BOOST_TEST(text.find(part) != std::string::npos, part);
  BOOST_TEST(text.find("nan") == std::string::npos);
  const auto j = nlohmann::json::parse(read_text_file(once().folder + "/summary.json"));
  BOOST_TEST(j["cycles"].size() == 3U);
  BOOST_TEST(j["scores"]["Red"]["hits"] == once().outcome.scores.total[3].hits);
}

BOOST_AUTO_TEST_CASE(all_that_the_summary_points_to_is_there) {
  for (const char* file : {"data/regions/townships.gpkg", "data/forecast/demo_2024061800.grib2", "data/radar/demo_202406180900.h5", "run/cap/feed.xml",
                           "run/report.json", "run/cycles/20240618T090000Z/townships.nc", "run/cycles/20240618T090000Z/levels_rainstorm.png",
                           "truth/townships.csv", "truth/rain.nc", "truth/rain_3h.png", "truth/levels_20240618T090000Z.png"})
    BOOST_TEST(fs::exists(once().folder + "/" + file), file);
}

BOOST_AUTO_TEST_CASE(a_second_demo_replaces_the_first_by_the_same_bytes) {
  const auto before = hashes(once().folder);
  run_demo({once().folder, {}});
  const auto after = hashes(once().folder);
  BOOST_TEST(before.size() == after.size());
  for (const auto& [file, hash] : before) BOOST_TEST((after.count(file) && after.at(file) == hash), file);
}

BOOST_AUTO_TEST_CASE(a_folder_with_other_files_is_left_alone) {
  const std::string folder = test::temporary_folder("demo-taken");
  write_file_atomically(folder + "/data/precious.txt", "mine");
  BOOST_CHECK_THROW(run_demo({folder, {}}), Error);
  BOOST_TEST(read_text_file(folder + "/data/precious.txt") == "mine");
}

BOOST_AUTO_TEST_SUITE_END()
