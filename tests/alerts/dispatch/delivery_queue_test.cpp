#include "alerts/dispatch/delivery_queue.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

using namespace guyu;

namespace {
const TimePoint kStart{Seconds{1'000'000}};

OutboxRow row(std::int64_t seq, const std::string& event, Level level, TimePoint next = kStart, TimePoint expires = kStart + std::chrono::hours(1)) {
  OutboxRow r;
  r.seq = seq;
  r.key = "key" + std::to_string(seq);
  r.event = event;
  r.level = level;
  r.queued_at = r.next_attempt = next;
  r.expires = expires;
  return r;
}
std::vector<std::int64_t> numbers(const std::vector<OutboxRow>& rows) {
  std::vector<std::int64_t> n;
  for (const OutboxRow& r : rows) n.push_back(r.seq);
  return n;
}

// The rules in their plainest form: every row in a list, looked through anew each time.
struct PlainQueue {
  struct Row {
    OutboxRow row;
    bool flying = false;
  };
  std::vector<Row> rows;

  std::vector<std::int64_t> take(TimePoint now, std::size_t most) {
    std::vector<std::pair<int, std::int64_t>> offers;
    for (const Row& r : rows) {
      const Row* next = nullptr;  // of r's lane
      bool flying = false, queued_before = false;
      int urgency = 0;
      for (const Row& o : rows) {
        if (o.row.event != r.row.event || o.row.target != r.row.target) continue;
        flying = flying || o.flying;
        urgency = std::max(urgency, static_cast<int>(o.row.level));
        if (queued_before) continue;
        if (!next || std::pair(o.row.next_attempt, o.row.seq) < std::pair(next->row.next_attempt, next->row.seq)) next = &o;
        queued_before = o.row.state == OutboxState::queued;
      }
      if (!flying && next == &r && r.row.next_attempt <= now && r.row.expires > now) offers.emplace_back(-urgency, r.row.seq);
    }
    std::sort(offers.begin(), offers.end());
    std::vector<std::int64_t> taken;
    for (std::size_t i = 0; i < std::min(most, offers.size()); ++i) taken.push_back(offers[i].second);
    for (Row& r : rows) r.flying = r.flying || std::find(taken.begin(), taken.end(), r.row.seq) != taken.end();
    return taken;
  }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(delivery_queue)

BOOST_AUTO_TEST_CASE(the_severest_goes_first_and_an_event_keeps_its_order) {
  DeliveryQueue q({});
  q.add(row(1, "a", Level::blue));
  q.add(row(2, "b", Level::yellow));
  q.add(row(3, "b", Level::red));  // waits for 2, which goes first for its sake
  q.add(row(4, "c", Level::orange));
  BOOST_TEST(numbers(q.take(kStart, 10)) == (std::vector<std::int64_t>{2, 4, 1}), boost::test_tools::per_element());
  BOOST_TEST(q.take(kStart, 10).empty());
  q.drop(2);
  OutboxRow accepted = row(2, "b", Level::yellow, kStart + Seconds{60});
  accepted.state = OutboxState::accepted;
  q.add(accepted);
  BOOST_TEST(numbers(q.take(kStart, 10)) == (std::vector<std::int64_t>{3}), boost::test_tools::per_element());
  q.drop(3);
  BOOST_TEST(numbers(q.take(kStart + Seconds{60}, 10)) == (std::vector<std::int64_t>{2}), boost::test_tools::per_element());  // no receipt came
}

BOOST_AUTO_TEST_CASE(a_red_update_takes_its_yellow_along_before_all_others) {
  DeliveryQueue q({});
  for (int k = 1; k <= 1000; ++k) q.add(row(k, "e" + std::to_string(k), Level::yellow));
  q.add(row(1001, "e900", Level::red));
  BOOST_TEST(numbers(q.take(kStart, 1)) == std::vector<std::int64_t>{900});
  q.drop(900);
  BOOST_TEST(numbers(q.take(kStart, 1)) == std::vector<std::int64_t>{1001});
  q.drop(1001);
  BOOST_TEST(numbers(q.take(kStart, 1)) == std::vector<std::int64_t>{1});
}

BOOST_AUTO_TEST_CASE(a_rate_is_held_over_a_minute) {
  Pace pace;
  pace.per_minute = 60;
  DeliveryQueue q(pace);
  for (std::int64_t k = 1; k <= 500; ++k) q.add(row(k, "e" + std::to_string(k), Level::blue));
  std::size_t sent = 0;
  for (int s = 0; s < 120; ++s) sent += q.take(kStart + Seconds{s}, 100).size();
  BOOST_TEST((sent >= 120U && sent <= 131U), sent);
}

// What the broker has accepted is out of the queue's hands: a red one that comes now must not stand behind all of it.
BOOST_AUTO_TEST_CASE(only_what_is_severer_goes_ahead_of_receipts_that_are_missing) {
  Pace pace;
  pace.unreceipted = 3;
  DeliveryQueue q(pace);
  const auto accept = [&](const OutboxRow& sent, TimePoint at) {
    OutboxRow r = sent;
    r.state = OutboxState::accepted;
    r.changed_at = at;
    r.next_attempt = at + Seconds{60};
    q.drop(r.seq);
    q.add(r);
  };
  for (std::int64_t k = 1; k <= 20; ++k) q.add(row(k, "e" + std::to_string(k), Level::yellow));
  for (const OutboxRow& r : q.take(kStart, 3)) accept(r, kStart);
  BOOST_TEST(q.take(kStart, 10).empty());
  q.add(row(21, "red", Level::red));
  q.add(row(22, "blue", Level::blue));
  const std::vector<OutboxRow> red = q.take(kStart, 10);
  BOOST_TEST(numbers(red) == (std::vector<std::int64_t>{21}), boost::test_tools::per_element());
  accept(red.front(), kStart);
  q.drop(1), q.drop(21);  // their receipts
  BOOST_TEST(numbers(q.take(kStart + Seconds{1}, 2)) == (std::vector<std::int64_t>{4, 5}), boost::test_tools::per_element());
  for (const std::int64_t seq : {4, 5}) accept(*q.find(seq), kStart + Seconds{1});
  BOOST_TEST(q.take(kStart + Seconds{1}, 2).empty());
  // A receiver that is away or slow is not waited for: at two seconds the first ones count no more.
  BOOST_TEST(numbers(q.take(kStart + Seconds{2}, 2)) == (std::vector<std::int64_t>{6, 7}), boost::test_tools::per_element());
  for (const std::int64_t seq : {6, 7}) accept(*q.find(seq), kStart + Seconds{2});
  BOOST_TEST(q.take(kStart + Seconds{2}, 2).empty());
  BOOST_TEST(q.take(kStart - Seconds{100}, 2).size() == 2U);  // nor is a clock that was set back
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_does_not_put_off_what_waits) {
  DeliveryQueue q({});
  const TimePoint late = kStart + std::chrono::hours(2);
  const auto written = [&](std::int64_t seq, const std::string& key, TimePoint changed, TimePoint next) {
    OutboxRow r = row(seq, "e" + std::to_string(seq), Level::yellow, next, kStart + std::chrono::hours(9));
    r.key = key;
    r.changed_at = changed;
    return r;
  };
  q.add(written(1, "retry", late, late + Seconds{30}));
  q.add(written(2, "fresh", late, late));
  q.add(written(3, "after quiet hours", kStart, late));
  q.add(written(4, repeat_key("repeat", 1), late, late));
  BOOST_TEST(q.take(kStart, 10).empty());
  q.clock_set_back(kStart);
  BOOST_TEST(numbers(q.take(kStart, 10)) == (std::vector<std::int64_t>{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_has_run_out_is_not_sent) {
  DeliveryQueue q({});
  q.add(row(1, "a", Level::red, kStart, kStart + Seconds{10}));
  BOOST_TEST(q.take(kStart + Seconds{10}, 10).empty());
  BOOST_TEST(numbers(q.run_out(kStart + Seconds{10})) == (std::vector<std::int64_t>{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(random_lives_agree_with_the_plain_rules) {
  std::mt19937 random(20240618);
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  for (int round = 0; round < 60; ++round) {
    DeliveryQueue q({});
    PlainQueue plain;
    std::int64_t next = 1;
    TimePoint now = kStart;
    for (int step = 0; step < 200; ++step) {
      const int deed = below(10);
      if (deed < 4) {
        OutboxRow r = row(next++, std::string(1, static_cast<char>('a' + below(5))), static_cast<Level>(1 + below(4)), now + Seconds{below(3)},
                          now + Seconds{5 + below(60)});
        r.target = below(2) ? "x" : "y";
        q.add(r);
        plain.rows.push_back({r});
      } else if (deed < 7) {
        const auto most = static_cast<std::size_t>(1 + below(5));
        const auto got = numbers(q.take(now, most));
        BOOST_TEST(got == plain.take(now, most), boost::test_tools::per_element());
      } else if (deed < 9 && !plain.rows.empty()) {
        auto& r = plain.rows[static_cast<std::size_t>(below(static_cast<unsigned>(plain.rows.size())))];
        if (!r.flying) continue;
        const TimePoint again = now + Seconds{1 + below(5)};
        if (below(3) == 0) {
          q.drop(r.row.seq);
          plain.rows.erase(plain.rows.begin() + (&r - plain.rows.data()));
        } else {
          const OutboxState state = below(2) ? OutboxState::accepted : r.row.state;
          r.flying = false;
          r.row.next_attempt = again;
          if (state == r.row.state && below(2)) {
            q.put_back(r.row.seq, again);
          } else {
            r.row.state = state;
            q.drop(r.row.seq);
            q.add(r.row);
          }
        }
      } else {
        now += Seconds{1};
        for (const OutboxRow& gone : q.run_out(now)) {
          q.drop(gone.seq);
          std::erase_if(plain.rows, [&](const auto& r) { return r.row.seq == gone.seq; });
        }
      }
    }
    BOOST_TEST(q.size() == plain.rows.size());
  }
}

BOOST_AUTO_TEST_SUITE_END()
