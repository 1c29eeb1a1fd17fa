#include "models/rules/rule_samples.h"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace guyu;
namespace {
const TimePoint kSampleIssue = parse_time("2024-06-10T00:00:00Z");  // 8:00 local
TimePoint after(int minutes) { return kSampleIssue + std::chrono::minutes(minutes); }

Condition sum_over(int minutes) {
  Condition c;
  c.quantity = "precipitation_amount", c.unit = "mm", c.aggregate = Aggregate::sum, c.window = Seconds(60 * minutes), c.threshold = 1;
  return c;
}
Rule rule_of(const Condition& c, int within_minutes) {
  Rule r;
  r.conditions = {c};
  r.within = Seconds(60 * within_minutes);
  return r;
}
// Rain of even pieces over (end - window, end].
double sum_at(const HazardSeries& s, TimePoint end, Seconds window) {
  double sum = 0;
  for (const SeriesPiece& p : s.pieces) {
    const auto from = std::max(p.interval.begin, end - window), to = std::min(p.interval.end, end);
    if (to > from) sum += double{p.values[0]} * static_cast<double>((to - from).count()) / static_cast<double>(p.interval.length().count());
  }
  return sum;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(rule_samples)

BOOST_AUTO_TEST_CASE(the_largest_sum_of_any_minute_is_among_the_samples) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 60; ++trial) {
    // Pieces of 5 to 60 min, some of them lacking, from five hours before to four after.
    HazardSeries s{quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, {}, {}};
    for (int at = -300; at < 240;) {
      const int length = 5 + static_cast<int>(random() % 56);
      if (random() % 5 != 0)
        s.pieces.push_back(
            {{after(at), after(at + length)}, at + length <= 0 ? Origin::observed : Origin::forecast, {static_cast<float>(random() % 20)}, {1}, {}});
      at += length;
    }
    const Condition c = sum_over(20 + static_cast<int>(random() % 160));
    const Rule rule = rule_of(c, 200);
    const SampleTimes times{kSampleIssue, after(200), Seconds(3600), Seconds(8 * 3600)};
    const SeriesAxis axis(s, {kSampleIssue - look_back(rule, c, times.continuing_within), times.end});
    double sampled = 0, smooth = 0;
    for (const TimePoint end : sample_ends(rule, c, &axis, times, kSampleIssue)) {
      BOOST_TEST((end >= kSampleIssue && end <= times.end));
      sampled = std::max(sampled, sum_at(s, end, c.window));
    }
    for (int m = 0; m <= 200; ++m) smooth = std::max(smooth, sum_at(s, after(m), c.window));
    BOOST_TEST(std::abs(sampled - smooth) < 1e-9, "trial " << trial << ": " << sampled << " of " << smooth);
  }
}

BOOST_AUTO_TEST_CASE(no_sample_looks_farther_back_than_is_asked_for) {
  HazardSeries s{*find_quantity("air_temperature"), "mean", TimeKind::instant, {}, {}, {}};
  for (int h = -200; h <= 100; ++h) s.pieces.push_back({{after(60 * h), after(60 * h)}, h <= 0 ? Origin::observed : Origin::forecast, {280}, {1}, {}});
  const SampleTimes times{kSampleIssue, after(72 * 60), Seconds(3600), Seconds(8 * 3600)};
  for (const bool daily : {false, true})
    for (const int lasting_h : {0, 48})
      for (const int change_h : {0, 24})
        for (const int window_h : {0, 24}) {
          Condition c;
          c.quantity = "air_temperature", c.unit = "K";
          c.window = Seconds(3600 * window_h), c.aggregate = window_h > 0 ? Aggregate::minimum : Aggregate::each;
          c.change = change_h > 0 ? Change::fall : Change::none, c.change_over = Seconds(3600 * change_h), c.lasting = Seconds(3600 * lasting_h);
          Rule rule = rule_of(c, 72 * 60);
          if (daily) rule.daily_at = Seconds(20 * 3600);
          const SeriesAxis axis(s, {after(-200 * 60), times.end});
          const TimePoint from = kSampleIssue - std::max(c.lasting, c.aggregate == Aggregate::each ? times.continuing_within : Seconds(0)) -
                                 (daily && lasting_h > 0 ? Seconds(86400) : Seconds(0));
          const TimePoint earliest = kSampleIssue - look_back(rule, c, times.continuing_within);
          for (const Sample& x : samples_of(rule, c, &axis, sample_ends(rule, c, &axis, times, from), times)) {
            BOOST_TEST((x.value.begin >= earliest));
            if (x.earlier) BOOST_TEST((x.earlier->begin >= earliest));
            BOOST_TEST(x.counts == (x.end > kSampleIssue));
          }
        }
}

BOOST_AUTO_TEST_CASE(a_daily_rule_is_looked_at_at_its_local_hour_and_never_else) {
  Condition c;
  c.quantity = "air_temperature", c.aggregate = Aggregate::maximum, c.window = Seconds(86400);
  Rule rule = rule_of(c, 3 * 1440);
  for (const int hour : {0, 8, 20, 24}) {
    rule.daily_at = Seconds(3600 * hour);
    const SampleTimes times{kSampleIssue, after(3 * 1440), Seconds(3600), Seconds(8 * 3600)};
    const auto ends = sample_ends(rule, c, nullptr, times, kSampleIssue);
    BOOST_TEST(ends.size() == 3U, hour);
    for (const TimePoint t : ends)
      BOOST_TEST((t + Seconds(8 * 3600) - std::chrono::floor<std::chrono::days>(t + Seconds(8 * 3600))).count() == 3600 * (hour % 24));
  }
}

BOOST_AUTO_TEST_SUITE_END()
