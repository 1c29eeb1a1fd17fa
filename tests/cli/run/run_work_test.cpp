#include "cli/run/run_work.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;
namespace fs = std::filesystem;

namespace {
const TimePoint kTime = parse_time("2024-07-01T01:00:00Z");
const std::string kName = "20240701T010000Z";
}  // namespace

BOOST_AUTO_TEST_SUITE(run_work)

BOOST_AUTO_TEST_CASE(a_commit_brings_state_and_done_mark_and_takes_what_was_in_hand) {
  const std::string out = test::temporary_folder("work");
  write_file_atomically(out + "/state/rain_history.nc", "old");
  const RunWork work(out, kTime);
  write_file_atomically(work.next_state("rain_history.nc"), "new");
  write_file_atomically(work.members() + "/member_0000.unit", "x");
  BOOST_TEST(!is_done(out, kTime));
  work.commit("{\"status\": \"ok\"}\n");
  BOOST_TEST(read_text_file(out + "/state/rain_history.nc") == "new");
  BOOST_TEST(read_text_file(out + "/cycles/" + kName + "/done.json") == "{\"status\": \"ok\"}\n");
  BOOST_TEST(is_done(out, kTime));
  BOOST_TEST(!fs::exists(out + "/work"));
  BOOST_TEST(!fs::exists(out + "/state/commit.json"));
}

BOOST_AUTO_TEST_CASE(a_commit_that_was_cut_off_anywhere_is_carried_through) {
  const std::string commit = R"({"cycle": "20240701T010000Z", "files": ["a.nc", "b.nc"], "done": "done"})";
  for (int moved = 0; moved <= 2; ++moved) {
    const std::string out = test::temporary_folder("work_cut");
    for (const char* name : {"a.nc", "b.nc"}) write_file_atomically(out + "/state/" + name, "old");
    for (const char* name : {"a.nc", "b.nc"}) write_file_atomically(out + "/work/" + kName + "/state/" + name, "new");
    write_file_atomically(out + "/state/commit.json", commit);
    int k = 0;
    for (const char* name : {"a.nc", "b.nc"})
      if (k++ < moved) fs::rename(out + "/work/" + kName + "/state/" + name, out + "/state/" + name);
    finish_commit(out);
    for (const char* name : {"a.nc", "b.nc"}) BOOST_TEST(read_text_file(out + "/state/" + name) == "new");
    BOOST_TEST(is_done(out, kTime));
    finish_commit(out);  // again: nothing to do
  }
}

BOOST_AUTO_TEST_CASE(the_same_findings_are_handed_over_under_one_name) {
  const std::string out = test::temporary_folder("work_item");
  const RunWork work(out, kTime);
  BOOST_TEST(!work.handed_over());
  BOOST_TEST(work.item_for("findings", "first") == "first");
  BOOST_TEST(work.handed_over());
  BOOST_TEST(RunWork(out, kTime).item_for("findings", "second") == "first");
  BOOST_TEST(work.item_for("other findings", "third") == "third");  // a late file came between
  BOOST_TEST(work.item_for("other findings", "fourth") == "third");
}

BOOST_AUTO_TEST_CASE(a_cycle_that_is_done_again_hands_the_same_findings_over_under_the_old_name) {
  const std::string out = test::temporary_folder("work_again");
  write_file_atomically(out + "/cycles/" + kName + "/before/book.json", "");
  BOOST_TEST(RunWork(out, kTime).item_for("findings", "first") == "first");
  RunWork(out, kTime).commit("done");
  BOOST_TEST(!fs::exists(out + "/work"));
  BOOST_TEST(RunWork(out, kTime).item_for("findings", "second") == "first");
  BOOST_TEST(!RunWork(out, kTime).handed_over());  // nothing is in hand
  BOOST_TEST(RunWork(out, kTime).item_for("a late file has come", "third") == "third");
  RunWork(out, kTime).commit("done");
  BOOST_TEST(RunWork(out, kTime).item_for("a late file has come", "fourth") == "third");
}

BOOST_AUTO_TEST_CASE(what_earlier_cycles_left_is_forgotten_and_a_later_one_is_not) {
  const std::string out = test::temporary_folder("work_old");
  write_file_atomically(out + "/work/20240701T005000Z/members/member_0000.unit", "x");
  write_file_atomically(out + "/work/20240701T011000Z/members/member_0000.unit", "x");
  write_file_atomically(out + "/work/" + kName + "/members/member_0000.unit", "x");
  write_file_atomically(out + "/work/" + kName + "/members/member_0001.unit.tmp123", "half");
  const RunWork work(out, kTime);
  work.begin();
  BOOST_TEST(!fs::exists(out + "/work/20240701T005000Z"));
  BOOST_TEST(fs::exists(out + "/work/20240701T011000Z/members/member_0000.unit"));
  BOOST_TEST(fs::exists(work.members() + "/member_0000.unit"));
  BOOST_TEST(!fs::exists(work.members() + "/member_0001.unit.tmp123"));
}

BOOST_AUTO_TEST_CASE(a_damaged_commit_is_named_with_a_remedy) {
  const std::string out = test::temporary_folder("work_damaged");
  write_file_atomically(out + "/state/commit.json", "{");
  BOOST_CHECK_EXCEPTION(finish_commit(out), Error, [](const Error& e) { return e.place().ends_with("commit.json") && !e.remedy().empty(); });
}

BOOST_AUTO_TEST_SUITE_END()
