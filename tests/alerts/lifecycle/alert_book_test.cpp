#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <set>

#include "engine/core/error.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using guyu::test::Timeline;
BOOST_AUTO_TEST_SUITE(alert_book)

BOOST_AUTO_TEST_CASE(nothing_is_issued_without_a_level) {
  Timeline t(4);
  BOOST_TEST(t.words(0, "....") == "");
  BOOST_TEST(t.words(10, "????") == "");
}

BOOST_AUTO_TEST_CASE(an_event_rises_at_once_and_keeps_its_identity) {
  Timeline t(4);
  const auto first = t.at(0, ".yy.");
  BOOST_REQUIRE(first.size() == 1U);
  BOOST_TEST((first[0].action == Action::issue));
  BOOST_TEST(first[0].reason == reasons::onset);
  BOOST_TEST(first[0].identifier == "2.49.0.1.156.0.20190610000000.1");
  BOOST_TEST(first[0].references.empty());
  BOOST_TEST(t.words(10, ".yy.") == "keep:unchanged:Yellow:2");
  const auto second = t.at(20, ".oo.");
  BOOST_REQUIRE(second.size() == 1U);
  BOOST_TEST(second[0].reason == reasons::escalation);
  BOOST_TEST(second[0].alert.event == first[0].alert.event);
  BOOST_TEST((second[0].previous_level == Level::yellow));
  BOOST_REQUIRE(second[0].references.size() == 1U);
  BOOST_TEST(second[0].references[0].identifier == first[0].identifier);
  const auto third = t.at(30, ".rr.");
  BOOST_REQUIRE(third[0].references.size() == 2U);
  BOOST_TEST(third[0].references[1].identifier == second[0].identifier);
  BOOST_TEST(third[0].alert.members[0].evidence.rule == "rainstorm.r");
}

BOOST_AUTO_TEST_CASE(a_level_falls_only_after_an_unbroken_hold) {
  Timeline t(2);
  t.at(0, "oo");
  BOOST_TEST(t.words(10, "yy") == "keep:hold_running:Orange:2");
  BOOST_TEST(t.words(30, "yy") == "keep:hold_running:Orange:2");
  BOOST_TEST(t.words(40, "yy") == "update:downgrade_after_hold:Yellow:2");
}

BOOST_AUTO_TEST_CASE(a_fall_goes_to_the_highest_level_seen_during_the_hold) {
  Timeline t(1);
  t.at(0, "r");
  t.at(10, "b");
  t.at(20, "o");
  BOOST_TEST(t.words(40, "b") == "update:downgrade_after_hold:Orange:1");
}

BOOST_AUTO_TEST_CASE(flapping_within_the_hold_sends_nothing) {
  Timeline t(2);
  t.at(0, "oo");
  for (int minute = 10; minute < 130; minute += 20) {
    BOOST_TEST(t.words(minute, "yy") == "keep:hold_running:Orange:2");
    BOOST_TEST(t.words(minute + 10, "oo") == "keep:unchanged:Orange:2");
  }
}

BOOST_AUTO_TEST_CASE(all_clear_comes_after_the_longer_hold_and_refers_to_every_open_message) {
  Timeline t(2);
  t.at(0, "yy");
  t.at(10, "oo");
  BOOST_TEST(t.words(20, "..") == "keep:hold_running:Orange:2");
  BOOST_TEST(t.words(70, "..") == "keep:hold_running:Orange:2");
  const auto last = t.at(80, "..");
  BOOST_REQUIRE(last.size() == 1U);
  BOOST_TEST((last[0].action == Action::cancel));
  BOOST_TEST(last[0].reason == reasons::all_clear);
  BOOST_TEST(last[0].references.size() == 2U);
  BOOST_TEST(last[0].alert.members[0].evidence.rule == "rainstorm..");
  BOOST_TEST((last[0].alert.state == AlertState::ended));
  BOOST_TEST(t.book.active().empty());
  BOOST_TEST(t.words(90, "..") == "");
}

BOOST_AUTO_TEST_CASE(unknown_neither_lowers_nor_cancels_and_restarts_the_hold) {
  Timeline t(2);
  t.at(0, "oo");
  BOOST_TEST(t.words(10, "??") == "keep:unknown_keeps_level:Orange:2");
  BOOST_TEST(t.words(100, "??") == "keep:unknown_keeps_level:Orange:2");
  t.at(110, "..");
  t.at(160, "??");
  BOOST_TEST(t.words(175, "..") == "keep:hold_running:Orange:2");
  BOOST_TEST(t.words(200, "..") == "update:extension_hold:Orange:2");
  BOOST_TEST(t.words(230, "..") == "keep:hold_running:Orange:2");
  BOOST_TEST(t.words(235, "..").substr(0, 6) == "cancel");
}

BOOST_AUTO_TEST_CASE(a_data_gap_extends_the_warning_up_to_the_limit_and_then_says_why_it_ended) {
  Timeline t(1);
  t.at(0, "o");
  std::set<std::string> seen;
  int ended = 0;
  for (int minute = 10; minute <= 600; minute += 10) {
    for (const Decision& d : t.at(minute, "?")) {
      seen.insert(d.reason);
      if (d.action == Action::expire) ended = minute;
      BOOST_TEST((d.alert.level == Level::orange));
    }
  }
  BOOST_TEST(seen.count(std::string(reasons::gap_extension)) == 1U);
  BOOST_TEST(seen.count(std::string(reasons::expired_gap)) == 1U);
  BOOST_TEST(ended == 360);
}

BOOST_AUTO_TEST_CASE(an_old_risk_table_counts_as_unknown) {
  Timeline t(1);
  t.at(0, "o");
  const TimePoint now = t.start + std::chrono::minutes(90);
  const auto d = t.book.step(Timeline::table(".", t.start), t.regions, now);
  BOOST_REQUIRE(d.size() == 1U);
  BOOST_TEST(d[0].reason == reasons::data_gap);
}

BOOST_AUTO_TEST_CASE(a_standing_level_is_extended_before_its_message_runs_out) {
  Timeline t(1);
  const auto first = t.at(0, "y");
  std::vector<Decision> sent;
  for (int minute = 10; minute <= 400; minute += 10) {
    for (const Decision& d : t.at(minute, "y")) {
      if (!d.has_message()) continue;
      BOOST_TEST(d.reason == reasons::extension);
      BOOST_TEST((d.references.back().expires > d.sent));
      sent.push_back(d);
    }
  }
  BOOST_TEST(sent.size() == 2U);
}

BOOST_AUTO_TEST_CASE(after_a_long_stop_the_old_event_expires_and_a_new_one_begins) {
  Timeline t(2);
  const auto first = t.at(0, "oo");
  const auto later = t.at(600, "y.");
  BOOST_REQUIRE(later.size() == 2U);
  BOOST_TEST((later[0].action == Action::expire));
  BOOST_TEST((later[1].action == Action::issue));
  BOOST_TEST(later[1].alert.event != first[0].alert.event);
  BOOST_TEST(later[1].references.empty());
}

BOOST_AUTO_TEST_CASE(an_area_change_is_an_update) {
  Timeline t(4);
  t.at(0, "yy..");
  const auto d = t.at(10, "yyy.");
  BOOST_REQUIRE(d.size() == 1U);
  BOOST_TEST(d[0].reason == reasons::area);
  BOOST_TEST(d[0].added == std::vector<std::string>{"r000c002"});
}

BOOST_AUTO_TEST_CASE(distant_regions_are_events_of_their_own_until_they_merge) {
  Timeline t(5);
  const auto first = t.at(0, "yy..y");
  BOOST_REQUIRE(first.size() == 2U);
  BOOST_TEST(first[1].identifier == "2.49.0.1.156.0.20190610000000.2");
  const auto d = t.at(10, "yyyyy");
  BOOST_REQUIRE(d.size() == 2U);
  BOOST_TEST(d[0].reason == reasons::merge);
  BOOST_TEST(d[0].alert.event == first[0].alert.event);
  BOOST_TEST(d[0].references.size() == 2U);
  BOOST_TEST((d[1].action == Action::supersede));
  BOOST_TEST(!d[1].has_message());
}

BOOST_AUTO_TEST_CASE(a_split_keeps_the_larger_part_under_the_old_identity) {
  Timeline t(5);
  const auto first = t.at(0, "yyyyy");
  const auto d = t.at(10, "yyyor");
  BOOST_REQUIRE(d.size() == 3U);
  BOOST_TEST((d[0].alert.level == Level::red));  // severest first
  BOOST_TEST(d[0].reason == reasons::split);
  BOOST_TEST((d[1].alert.level == Level::orange));
  BOOST_TEST(d[2].alert.event == first[0].alert.event);
  BOOST_TEST(d[2].removed.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_past_and_foreign_regions_are_refused_and_change_nothing) {
  Timeline t(2);
  t.at(10, "yy");
  const std::string before = t.book.to_json();
  BOOST_CHECK_THROW(t.at(0, "oo"), Error);
  BOOST_CHECK_THROW(t.at(20, "ooo"), Error);
  BOOST_TEST(t.book.to_json() == before);
}

BOOST_AUTO_TEST_CASE(a_saved_book_goes_on_exactly_like_the_one_that_never_stopped) {
  std::mt19937 random(7);
  Timeline a(6);
  for (int minute = 0; minute < 2000; minute += 10) {
    std::string letters;
    for (int i = 0; i < 6; ++i) letters += "?..bbyor"[random() % 8];
    Timeline b = a;
    b.book = AlertBook::from_json(a.book.to_json(), a.book.settings(), "test");
    const auto da = a.at(minute, letters), db = b.at(minute, letters);
    BOOST_REQUIRE(da.size() == db.size());
    for (std::size_t i = 0; i < da.size(); ++i) BOOST_TEST(da[i].identifier == db[i].identifier);
    BOOST_REQUIRE(a.book.to_json() == b.book.to_json());
  }
  BOOST_CHECK_THROW(AlertBook::from_json("{}", {}, "book.json"), Error);
  BOOST_CHECK_THROW(AlertBook::from_json("{\"version\": 1", {}, "book.json"), Error);
}

// Messages say how likely it is, and `guyu alerts why` in which unit: also those that are made after a restart.
BOOST_AUTO_TEST_CASE(a_saved_book_keeps_share_and_unit_and_one_without_them_is_read) {
  Timeline t(1);
  RiskTable table = Timeline::table("y", t.start);
  table.rows[0].evidence.probability = 0.75;
  table.rows[0].evidence.unit = "m s-1";
  t.book.step(table, t.regions, t.start);
  const auto evidence = [&](const std::string& text) { return AlertBook::from_json(text, {}, "book").active().at(0).members.at(0).evidence; };
  std::string text = t.book.to_json();
  BOOST_TEST(evidence(text).probability == 0.75);
  BOOST_TEST(evidence(text).unit == "m s-1");
  const std::string columns = ",0.75,\"m s-1\"]", none = "]";
  const std::size_t at = text.find(columns);
  BOOST_REQUIRE(at != std::string::npos);
  text.replace(at, columns.size(), none);
  BOOST_TEST(std::isnan(evidence(text).probability));
  BOOST_TEST(evidence(text).observed == 20);
}

// Against a plain reference of each region's level, over 10^4 random sequences: the level is exactly the
// reference's, no region is in two events, and no message refers to one that is closed or unknown.
BOOST_AUTO_TEST_CASE(random_sequences_agree_with_a_plain_reference) {
  std::mt19937 random(11);
  for (int sequence = 0; sequence < 10000; ++sequence) {
    Timeline t(3);
    std::map<std::string, std::pair<TimePoint, bool>> open;  // identifier -> expiry
    std::vector<int> standing(3, 0), peak(3, 0), since(3, -1);
    for (int step = 0; step < 14; ++step) {
      std::string letters;
      for (int i = 0; i < 3; ++i) letters += "?.byor"[random() % 6];
      const int minute = step * 10;
      for (int i = 0; i < 3; ++i) {
        const auto u = static_cast<std::size_t>(i);
        const int level = static_cast<int>(std::string("?.byor").find(letters[u])) - 1;
        if (level < 0) since[u] = -1;
        else if (level >= standing[u]) standing[u] = level, since[u] = -1;
        else {
          peak[u] = since[u] < 0 ? level : std::max(peak[u], level);
          if (since[u] < 0) since[u] = minute;
          if (minute - since[u] >= (peak[u] == 0 ? 60 : 30)) standing[u] = peak[u], since[u] = -1;
        }
      }
      const auto decisions = t.at(minute, letters);
      std::map<std::string, int> now_standing;
      for (const Alert& a : t.book.active()) {
        for (const AlertMember& m : a.members) BOOST_REQUIRE(now_standing.emplace(m.code, static_cast<int>(a.level)).second);
      }
      for (std::size_t i = 0; i < 3; ++i) {
        const auto found = now_standing.find(t.regions.regions[i].code);
        BOOST_REQUIRE((found == now_standing.end() ? 0 : found->second) == standing[i]);
      }
      for (const Decision& d : decisions) {
        if (!d.has_message()) continue;
        BOOST_REQUIRE((d.action == Action::issue) == d.references.empty());
        for (const MessageRef& m : d.references) BOOST_REQUIRE((open.count(m.identifier) == 1 && m.expires > d.sent));
      }
      for (const Decision& d : decisions) {
        if (d.has_message()) BOOST_REQUIRE(open.emplace(d.identifier, std::pair(d.alert.expires, true)).second);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
