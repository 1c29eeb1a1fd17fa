#include "alerts/dispatch/routing.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace guyu;

namespace {
OutgoingMessage message(Level level = Level::yellow) {
  OutgoingMessage m;
  m.hazard = "rainstorm";
  m.level = level;
  m.status = RunStatus::actual;
  m.regions = {"330205", "330206"};
  m.texts.resize(2);
  m.texts[0].language = "zh-CN";
  m.texts[1].language = "en-US";
  return m;
}
Route route() {
  Route r;
  r.statuses = {"actual"};
  return r;
}
TimePoint at(const char* iso) { return parse_time(iso); }
}  // namespace
BOOST_AUTO_TEST_SUITE(routing)

BOOST_AUTO_TEST_CASE(each_word_of_a_route_narrows_it) {
  BOOST_TEST(is_routed(route(), message()));
  Route r = route();
  r.hazards = {"gale"};
  BOOST_TEST(!is_routed(r, message()));
  r = route(), r.min_level = Level::orange;
  BOOST_TEST(!is_routed(r, message()));
  BOOST_TEST(is_routed(r, message(Level::red)));
  r = route(), r.regions = {"3302"};
  BOOST_TEST(is_routed(r, message()));
  r.regions = {"3303", "330206"};
  BOOST_TEST(is_routed(r, message()));  // one of its regions is enough
  r.regions = {"4"};
  BOOST_TEST(!is_routed(r, message()));
  r = route(), r.languages = {"bo-CN"};
  BOOST_TEST(!is_routed(r, message()));
  r = route(), r.statuses = {"exercise", "test"};
  BOOST_TEST(!is_routed(r, message()));
}

BOOST_AUTO_TEST_CASE(heartbeats_go_where_they_are_asked_for_whatever_else_a_route_says) {
  OutgoingMessage beat = message(Level::none);
  beat.hazard = "heartbeat";
  Route r = route();
  BOOST_TEST(!is_routed(r, beat));
  r.heartbeats = true, r.min_level = Level::red, r.regions = {"9"};
  BOOST_TEST(is_routed(r, beat));
}

BOOST_AUTO_TEST_CASE(quiet_hours_hold_lesser_levels_until_their_end_over_midnight_too) {
  Route r = route();
  r.quiet = {22 * 60, 6 * 60};
  r.quiet_below = Level::red;
  constexpr int kBeijing = 480;
  const TimePoint evening = at("2024-06-18T15:30:20Z"), night = at("2024-06-17T20:00:00Z"), end = at("2024-06-18T22:00:00Z");
  BOOST_TEST((first_attempt(r, message(), evening, kBeijing) == end));                       // 23:30 there: next morning
  BOOST_TEST((first_attempt(r, message(), night, kBeijing) == at("2024-06-17T22:00:00Z")));  // 04:00: the same morning
  BOOST_TEST((first_attempt(r, message(Level::red), evening, kBeijing) == evening));         // never held
  BOOST_TEST((first_attempt(r, message(), end, kBeijing) == end));                           // the end itself is not quiet
  BOOST_TEST((first_attempt(r, message(), at("2024-06-18T13:59:59Z"), kBeijing) == at("2024-06-18T13:59:59Z")));
}

BOOST_AUTO_TEST_CASE(waits_double_up_to_the_longest_with_a_jitter_that_a_key_keeps) {
  Pace p;
  p.retry_first = Seconds{10}, p.retry_longest = Seconds{300};
  for (int attempts = 1; attempts < 40; ++attempts) {
    const double full = std::min(10.0 * std::pow(2.0, attempts - 1), 300.0);
    for (const char* key : {"a", "b", "c"}) {
      const auto wait = static_cast<double>(retry_wait(p, attempts, key).count());
      BOOST_TEST((wait >= std::floor(full / 2) && wait <= full), key << " " << attempts << ": " << wait);
      BOOST_TEST((retry_wait(p, attempts, key) == retry_wait(p, attempts, key)));
    }
  }
  BOOST_TEST((retry_wait(p, 6, "a") != retry_wait(p, 6, "b")));
}

BOOST_AUTO_TEST_SUITE_END()
