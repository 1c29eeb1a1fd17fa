#include "cli/jobs/replay.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

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
const TimePoint kDay = parse_time("2024-07-01T00:00:00Z");
TimePoint minute_of_day(int m) { return kDay + Seconds(60 * m); }
std::string folder_of(const SmallCase& c, int m) { return c.out + "/cycles/" + to_compact(minute_of_day(m)); }

// A warning that is issued, rises and falls over six cycles.
void live(const SmallCase& c) {
  c.frames(minute_of_day(0), minute_of_day(60), 40);
  c.frames(minute_of_day(65), minute_of_day(90), 90);
  for (const int m : {50, 60, 70, 80, 90}) run_cycle({c.config(), c.data, c.out, minute_of_day(m), "", "", {}});
}
bool mentions(const std::vector<std::string>& all, const std::string& word) {
  return std::any_of(all.begin(), all.end(), [&](const std::string& s) { return s.find(word) != std::string::npos; });
}
}  // namespace

BOOST_AUTO_TEST_SUITE(replay_of_cycles)

BOOST_AUTO_TEST_CASE(every_archived_cycle_comes_out_the_same_to_the_bit_whatever_has_come_since) {
  const SmallCase c("replay");
  live(c);
  c.frames(minute_of_day(95), minute_of_day(120), 10);
  run_cycle({c.config(), c.data, c.out, minute_of_day(120), "", "", {}});
  std::size_t messages = 0;
  for (const int m : {50, 60, 70, 80, 90, 120}) {
    const ReplayResult r = replay({folder_of(c, m), test::temporary_folder("replay_out") + "/r", "", ""});
    BOOST_TEST(r.exact(), m << ": " << (r.different.empty() ? "" : r.different.front()));
    BOOST_TEST(r.causes.empty(), m << ": " << (r.causes.empty() ? "" : r.causes.front()));
    BOOST_TEST(r.same.size() >= 6U);
    messages += static_cast<std::size_t>(std::count_if(r.same.begin(), r.same.end(), [](const std::string& p) { return p.rfind("cap/", 0) == 0; }));
  }
  BOOST_TEST(messages >= 2U);  // an Alert and an Update at least
}

BOOST_AUTO_TEST_CASE(what_has_changed_is_named) {
  const SmallCase c("replay_changed");
  live(c);
  c.frames(minute_of_day(90), minute_of_day(90), 20);  // another frame under the old name
  const ReplayResult r = replay({folder_of(c, 90), test::temporary_folder("replay_out") + "/r", "", ""});
  BOOST_TEST(!r.exact());
  BOOST_TEST(mentions(r.causes, "r_202407010130.nc has changed"));
  std::string config = read_text_file(c.config());
  write_file_atomically(c.config(), config + "\n[ensemble]\nseed = 9\n");
  const ReplayResult s = replay({folder_of(c, 80), test::temporary_folder("replay_out") + "/r", "", ""});
  BOOST_TEST(mentions(s.causes, "configuration"));
  BOOST_TEST(mentions(s.causes, "seed"));
  fs::remove(c.frame_path(minute_of_day(70)));
  const ReplayResult g = replay({folder_of(c, 70), test::temporary_folder("replay_out") + "/r", "", ""});
  BOOST_TEST(mentions(g.causes, "is gone"));
}

BOOST_AUTO_TEST_CASE(a_cycle_whose_state_was_not_kept_cannot_be_replayed_and_the_error_says_why) {
  const SmallCase c("replay_retired");
  live(c);
  fs::remove_all(folder_of(c, 80) + "/before");
  BOOST_CHECK_EXCEPTION(replay({folder_of(c, 80), test::temporary_folder("replay_out") + "/r", "", ""}), Error,
                        [](const Error& e) { return std::string(e.what()).find("is not kept") != std::string::npos; });
  BOOST_CHECK_THROW(replay({folder_of(c, 90), c.out, "", ""}), Error);  // not into a folder with files
}

BOOST_AUTO_TEST_CASE(the_verb_says_what_is_the_same_and_leaves_nothing_behind) {
  const SmallCase c("replay_verb");
  live(c);
  const auto said = test::guyu_said({"replay", folder_of(c, 60)});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(said.out.find("are the same to the bit") != std::string::npos, said.out);
  c.frames(minute_of_day(60), minute_of_day(60), 20);
  BOOST_TEST(test::guyu_said({"replay", folder_of(c, 60)}).code == 1);
  BOOST_TEST(test::guyu_said({"replay", c.out + "/cycles/none"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
