#include "engine/cycle/rain_history.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>

#include "tests/support/test_data.h"

using namespace guyu;
using namespace std::chrono_literals;
namespace {
const TimePoint t0 = parse_time("2024-07-01T00:00:00Z");
RainSlot slot(Seconds begin, Seconds end, float mm) { return {{t0 + begin, t0 + end}, {mm, NAN}, {1.0F, 0.0F}, "frame"}; }
}  // namespace
BOOST_AUTO_TEST_SUITE(rain_history)

BOOST_AUTO_TEST_CASE(a_frame_seen_twice_counts_once_and_late_frames_take_their_place) {
  RainHistory h("abc", 2);
  BOOST_TEST(h.add(slot(0s, 300s, 1)));
  BOOST_TEST(h.add(slot(600s, 900s, 3)));
  BOOST_TEST(!h.add(slot(0s, 300s, 1)));
  BOOST_TEST(!h.add(slot(200s, 400s, 1)));
  BOOST_TEST(h.add(slot(300s, 600s, 2)));
  BOOST_REQUIRE(h.slots().size() == 3U);
  BOOST_TEST(h.slots()[1].amount_mm[0] == 2.0F);
  h.forget_before(t0 + 300s);
  BOOST_TEST(h.slots().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_forgotten_interval_can_be_told_anew) {
  RainHistory h("abc", 2);
  for (const int k : {0, 1, 2}) h.add(slot(k * 300s, (k + 1) * 300s, 1));
  h.forget({t0 + 300s, t0 + 600s});
  BOOST_TEST(h.slots().size() == 2U);
  BOOST_TEST(h.add(slot(300s, 600s, 7)));
  BOOST_TEST(h.slots()[1].amount_mm[0] == 7.0F);
}

BOOST_AUTO_TEST_CASE(a_saved_history_returns_whole_with_its_gaps) {
  const std::string path = test::temporary_folder("history") + "/state.nc";
  RainHistory h("abc", 2);
  h.add(slot(0s, 300s, 1.25F));
  h.add(slot(300s, 600s, 0));
  h.save(path);
  std::string problem;
  const RainHistory back = RainHistory::load(path, "abc", 2, problem);
  BOOST_TEST(problem.empty());
  BOOST_REQUIRE(back.slots().size() == 2U);
  BOOST_TEST(back.slots()[0].amount_mm[0] == 1.25F);
  BOOST_TEST(std::isnan(back.slots()[0].amount_mm[1]));
  BOOST_TEST(back.slots()[1].source == "frame");
  BOOST_CHECK(back.slots()[1].interval == h.slots()[1].interval);
}

BOOST_AUTO_TEST_CASE(a_damaged_or_foreign_state_is_named_and_not_used) {
  const std::string path = test::temporary_folder("history2") + "/state.nc";
  std::string problem;
  BOOST_TEST(RainHistory::load(path, "abc", 2, problem).slots().empty());
  BOOST_TEST(problem.empty());
  RainHistory h("abc", 2);
  h.add(slot(0s, 300s, 1));
  h.save(path);
  BOOST_TEST(RainHistory::load(path, "other", 2, problem).slots().empty());
  BOOST_TEST(problem.find("other regions") != std::string::npos);
  std::ofstream(path) << "rubbish";
  problem.clear();
  BOOST_TEST(RainHistory::load(path, "abc", 2, problem).slots().empty());
  BOOST_TEST(problem.find(path) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
