#include "cli/jobs/cycle_job.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/run/run_work.h"
#include "engine/core/atomic_file.h"
#include "engine/core/file_lock.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/run/small_case.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::SmallCase;
namespace fs = std::filesystem;

namespace {
const TimePoint kBegin = parse_time("2024-07-01T00:00:00Z");
TimePoint at_minute(int m) { return kBegin + Seconds(60 * m); }

// A job whose clock goes on only while it waits.
struct Drill {
  TimePoint now;
  JobOptions job;
  Drill(const SmallCase& c, TimePoint start) : now(start) {
    job.cycle = {c.config(), c.data, c.out, {}, "", "", {}};
    job.every = Seconds(300);
    job.clock = [this] { return now; };
    job.pause = [this](std::chrono::milliseconds) { now += Seconds(1); };
  }
  nlohmann::json status() const { return nlohmann::json::parse(read_text_file(job.cycle.out + "/status.json")); }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(cycle_job)

BOOST_AUTO_TEST_CASE(due_are_whole_multiples_newest_first_that_are_neither_done_nor_expired) {
  const TimePoint now = at_minute(62) + Seconds(7);
  const std::set<TimePoint> done_already{at_minute(55)};
  const auto done = [&](TimePoint t) { return done_already.count(t) == 1; };
  BOOST_TEST((due_cycles(now, Seconds(300), Seconds(1800), 10, done) ==
              std::vector<TimePoint>{at_minute(60), at_minute(50), at_minute(45), at_minute(40), at_minute(35)}));
  BOOST_TEST((due_cycles(now, Seconds(300), Seconds(1800), 1, done) == std::vector<TimePoint>{at_minute(60), at_minute(50)}));
  BOOST_TEST((due_cycles(now, Seconds(300), Seconds(1800), 0, done) == std::vector<TimePoint>{at_minute(60)}));
  BOOST_TEST(due_cycles(at_minute(57), Seconds(300), Seconds(1800), 0, done).empty());
  BOOST_TEST((due_cycles(at_minute(57), Seconds(300), Seconds(1800), 1, done) == std::vector<TimePoint>{at_minute(50)}));
}

BOOST_AUTO_TEST_CASE(a_cycle_is_run_once_and_its_status_says_so) {
  const SmallCase c("job_once");
  c.frames(at_minute(0), at_minute(60), 40);
  Drill d(c, at_minute(61));
  d.job.metrics = c.out + "/guyu.prom";
  BOOST_TEST(run_job(d.job) == 0);
  BOOST_TEST(is_done(c.out, at_minute(60)));
  BOOST_TEST(d.status()["state"] == "done");
  BOOST_TEST(d.status()["cycle"] == "2024-07-01T01:00:00Z");
  BOOST_TEST(read_text_file(d.job.metrics).find("guyu_cycle_time_seconds 1719795600") != std::string::npos);
  const auto written = fs::last_write_time(c.out + "/report.json");
  BOOST_TEST(run_job(d.job) == 0);
  BOOST_TEST((fs::last_write_time(c.out + "/report.json") == written));
}

BOOST_AUTO_TEST_CASE(it_waits_for_the_newest_frame_until_the_deadline_and_then_goes_without_and_says_so) {
  const SmallCase c("job_late");
  c.frames(at_minute(0), at_minute(55), 40);
  Drill d(c, at_minute(60) + Seconds(5));
  d.job.deadline = Seconds(90);
  BOOST_TEST(run_job(d.job) == 0);
  BOOST_TEST((d.now == at_minute(60) + Seconds(90)));
  BOOST_TEST(d.status()["state"] == "degraded");
  BOOST_TEST(d.status()["degraded"].dump().find("had not come 90 s after its time") != std::string::npos);
  // In time:
  const SmallCase t("job_in_time");
  t.frames(at_minute(0), at_minute(55), 40);
  Drill in_time(t, at_minute(60) + Seconds(5));
  in_time.job.deadline = Seconds(90);
  in_time.job.pause = [&](std::chrono::milliseconds) {
    in_time.now += Seconds(1);
    if (in_time.now == at_minute(60) + Seconds(40)) t.frames(at_minute(60), at_minute(60), 40);
  };
  BOOST_TEST(run_job(in_time.job) == 0);
  BOOST_TEST((in_time.now == at_minute(60) + Seconds(40)));
  BOOST_TEST(in_time.status()["state"] == "done");
}

BOOST_AUTO_TEST_CASE(catching_up_runs_the_newest_first_and_the_missed_ones_warn_nobody) {
  const SmallCase c("job_catch_up");
  c.frames(at_minute(0), at_minute(60), 40);
  Drill d(c, at_minute(61));
  d.job.catch_up = 2;
  std::vector<std::string> order;
  d.job.cycle.progress = [&](const std::string& stage, std::size_t, std::size_t) {
    if (stage == "regions") order.push_back(d.status()["cycle"]);
  };
  BOOST_TEST(run_job(d.job) == 0);
  BOOST_TEST(order == (std::vector<std::string>{"2024-07-01T01:00:00Z", "2024-07-01T00:55:00Z", "2024-07-01T00:50:00Z"}), boost::test_tools::per_element());
  BOOST_TEST(is_done(c.out, at_minute(60)));
  BOOST_TEST(!is_done(c.out, at_minute(55)));
  for (const int m : {55, 50}) BOOST_TEST(is_done(late_folder(c.out, at_minute(m)), at_minute(m)));
  BOOST_TEST(!fs::exists(c.out + "/late/20240701T004500Z"));
}

BOOST_AUTO_TEST_CASE(what_is_too_old_is_not_run) {
  const SmallCase c("job_expired");
  c.frames(at_minute(0), at_minute(10), 40);
  Drill d(c, at_minute(61));
  d.job.cycle.time = at_minute(10);
  BOOST_TEST(run_job(d.job) == 69);
  BOOST_TEST(d.status()["state"] == "expired");
  BOOST_TEST(!fs::exists(c.out + "/cycles"));
}

BOOST_AUTO_TEST_CASE(a_second_job_is_told_to_try_again) {
  const SmallCase c("job_busy");
  c.frames(at_minute(0), at_minute(60), 0);
  Drill d(c, at_minute(61));
  const auto held = FileLock::try_take(c.out + "/state/job.lock");
  BOOST_TEST(run_job(d.job) == 75);
  const SmallCase r("job_run_busy");
  r.frames(at_minute(0), at_minute(60), 0);
  Drill other(r, at_minute(61));
  const auto run = FileLock::try_take(r.out + "/state/run.lock");
  BOOST_TEST(run_job(other.job) == 75);
}

BOOST_AUTO_TEST_CASE(a_job_that_is_told_to_stop_keeps_its_members_and_goes_on_to_the_same_bytes) {
  const SmallCase c("job_stop");
  c.frames(at_minute(0), at_minute(60), 40);
  Drill d(c, at_minute(61));
  const std::string members = c.out + "/work/20240701T010000Z/members";
  d.job.cycle.stop = [&] { return fs::exists(members + "/member_0000.unit"); };
  set_num_threads(1);
  BOOST_TEST(run_job(d.job) == 75);
  BOOST_TEST(d.status()["state"] == "stopped");
  BOOST_TEST(fs::exists(members + "/member_0000.unit"));
  BOOST_TEST(!fs::exists(members + "/member_0005.unit"));
  BOOST_TEST(!fs::exists(c.out + "/cycles/20240701T010000Z/townships.nc"));
  d.job.cycle.stop = nullptr;
  BOOST_TEST(run_job(d.job) == 0);
  set_num_threads(0);
  BOOST_TEST(!fs::exists(c.out + "/work"));
  Drill peace(c, at_minute(61));
  peace.job.cycle.out = c.out + "_peace";
  BOOST_TEST(run_job(peace.job) == 0);
  for (const char* name : {"townships.nc", "grids.nc", "rain_expected.png"})
    BOOST_TEST((read_text_file(c.out + "/cycles/20240701T010000Z/" + name) == read_text_file(c.out + "_peace/cycles/20240701T010000Z/" + name)), name);
}

BOOST_AUTO_TEST_CASE(the_verb_gives_exit_codes_that_a_scheduler_understands) {
  const SmallCase c("job_verb");
  c.frames(at_minute(0), at_minute(60), 40);
  const std::vector<std::string> words{"cycle", c.config(), "--data", c.data, "--out", c.out, "--every", "5 min", "--now", "2024-07-01T01:01:00Z", "--quiet"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    return test::guyu_run(all);
  };
  BOOST_TEST(with({}) == 0);
  BOOST_TEST(with({}) == 0);
  BOOST_TEST(with({"--time", "2024-07-01T00:10:00Z"}) == 69);
  BOOST_TEST(with({"--deadline", "soon"}) == 64);
  BOOST_TEST(test::guyu_run({"cycle", "nothing.toml", "--data", c.data, "--out", c.out}) == 64);
}

BOOST_AUTO_TEST_SUITE_END()
