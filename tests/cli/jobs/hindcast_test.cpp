#include "cli/jobs/hindcast.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/run/cycle.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/run/small_case.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::SmallCase;
namespace fs = std::filesystem;

namespace {
const TimePoint kFirst = parse_time("2024-07-01T00:00:00Z");
TimePoint after(int m) { return kFirst + Seconds(60 * m); }

HindcastOptions over(const SmallCase& c, int from, int to, const std::string& out) {
  HindcastOptions o;
  o.config = c.config();
  o.data = c.data;
  o.out = out;
  o.from = after(from);
  o.to = after(to);
  o.every = Seconds(600);
  o.delay = Seconds(0);
  return o;
}
nlohmann::json report_of(const std::string& out, int m) {
  return nlohmann::json::parse(read_text_file(out + "/cycles/" + to_compact(after(m)) + "/report.json"));
}
}  // namespace

BOOST_AUTO_TEST_SUITE(hindcast_of_cycles)

BOOST_AUTO_TEST_CASE(cycles_one_after_the_other_are_what_runs_at_their_times_were) {
  const SmallCase c("hindcast");
  c.frames(after(0), after(90), 40);
  const auto cycles = hindcast(over(c, 50, 90, c.out + "_h"));
  BOOST_REQUIRE(cycles.size() == 5U);
  for (const HindcastCycle& h : cycles) BOOST_TEST(h.status == "ok", h.error);
  for (const int m : {50, 60, 70, 80, 90}) {
    run_cycle({c.config(), c.data, c.out, after(m), "", "", {}});
    const std::string name = "/cycles/" + to_compact(after(m)) + "/townships.nc";
    BOOST_TEST((read_text_file(c.out + name) == read_text_file(c.out + "_h" + name)), m);
  }
  const auto summary = nlohmann::json::parse(read_text_file(c.out + "_h/summary.json"));
  BOOST_TEST(summary["total"]["ok"] == 5);
  BOOST_TEST(summary["total"]["messages"] >= 1);
  const auto written = fs::last_write_time(c.out + "_h/cycles/" + to_compact(after(50)) + "/report.json");
  hindcast(over(c, 50, 90, c.out + "_h"));  // done cycles are not done again
  BOOST_TEST((fs::last_write_time(c.out + "_h/cycles/" + to_compact(after(50)) + "/report.json") == written));
}

BOOST_AUTO_TEST_CASE(a_cycle_sees_only_what_had_arrived_by_its_time) {
  const SmallCase c("hindcast_arrival");
  c.frames(after(0), after(90), 40);
  for (int m = 0; m <= 90; m += 5) write_file_atomically(c.frame_path(after(m)) + ".arrival", to_iso(after(m) + Seconds(120)) + "\n");
  write_file_atomically(c.frame_path(after(70)) + ".arrival", to_iso(after(84)) + "\n");  // late
  HindcastOptions o = over(c, 80, 90, c.out);
  o.independent = true;  // a cycle that follows another takes the gap at 70 for closed
  hindcast(o);
  const auto reads = [&](int cycle_minute, int frame_minute) {
    const auto report = report_of(c.out + "/" + to_compact(after(cycle_minute)), cycle_minute);
    for (const auto& i : report["inputs"])
      if (i["path"].get<std::string>() == c.frame_path(after(frame_minute))) return true;
    return false;
  };
  BOOST_TEST(reads(80, 75));
  BOOST_TEST(!reads(80, 80));  // came two minutes after the cycle's time
  BOOST_TEST(!reads(80, 70));
  BOOST_TEST(reads(90, 70));
}

BOOST_AUTO_TEST_CASE(independent_cycles_give_the_same_townships_however_many_run_at_a_time) {
  const SmallCase c("hindcast_jobs");
  c.frames(after(0), after(90), 40);
  HindcastOptions o = over(c, 50, 90, c.out + "_1");
  o.independent = true;
  hindcast(o);
  o.out = c.out + "_3";
  o.jobs = 3;
  for (const HindcastCycle& h : hindcast(o)) {
    BOOST_TEST(h.status == "ok", h.error);
    const std::string name = "/" + h.folder + "/townships.nc";
    BOOST_TEST((read_text_file(c.out + "_1" + name) == read_text_file(c.out + "_3" + name)), name);
  }
}

BOOST_AUTO_TEST_CASE(a_cycle_that_fails_is_told_and_does_not_end_the_others) {
  const SmallCase c("hindcast_fails");
  c.frames(after(0), after(70), 40);
  HindcastOptions o = over(c, 60, 70, c.out);
  o.independent = true;
  write_file_atomically(c.out + "/" + to_compact(after(60)), "a file in the way");
  const auto cycles = hindcast(o);
  BOOST_TEST(cycles[0].status == "failed");
  BOOST_TEST(!cycles[0].error.empty());
  BOOST_TEST(cycles[1].status == "ok");
}

BOOST_AUTO_TEST_CASE(wrong_words_are_user_errors) {
  const SmallCase c("hindcast_words");
  HindcastOptions o = over(c, 60, 50, c.out);
  BOOST_CHECK_THROW(hindcast(o), Error);
  o = over(c, 50, 60, c.out);
  o.jobs = 2;
  BOOST_CHECK_THROW(hindcast(o), Error);
  BOOST_TEST(test::guyu_run({"hindcast", c.config(), "2024-07-01T00:50:00Z", "2024-07-01T01:00:00Z", "--data", c.data, "--out", c.out, "--every", "now"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
