#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "models/computed_series.h"
#include "models/rule_model.h"

using namespace guyu;
namespace {
const TimePoint kFireNoon = parse_time("2024-04-13T04:00:00Z");  // noon in UTC+8
constexpr Seconds kHour{3600}, kOneDay{86400};

struct FireDay {
  double t, h, w, r;
};

// Weather by the hour, even in the 24 hours up to the noon of each day; the first day ends at kFireNoon.
HazardInputs fire_weather(const std::vector<FireDay>& days, TimePoint issue, std::size_t regions = 1) {
  HazardInputs in{issue, kFireNoon + kOneDay * static_cast<int>(days.size() - 1), regions};
  const auto series = [&](const char* name, TimeKind kind, auto&& value) {
    HazardSeries s{*find_quantity(name), "mean", kind, {}, {}, {}};
    for (std::size_t d = 0; d < days.size(); ++d)
      for (int h = -23; h <= 0; ++h) {
        const TimePoint end = kFireNoon + kOneDay * static_cast<int>(d) + kHour * h;
        const Interval interval{kind == TimeKind::accumulation ? end - kHour : end, end};
        s.pieces.push_back({interval,
                            end <= issue ? Origin::observed : Origin::forecast,
                            std::vector<float>(regions, static_cast<float>(value(days[d]))),
                            std::vector<float>(regions, 1.0F),
                            {}});
      }
    in.series.push_back(std::move(s));
  };
  series("air_temperature", TimeKind::instant, [](const FireDay& d) { return d.t + 273.15; });
  series("relative_humidity", TimeKind::instant, [](const FireDay& d) { return d.h / 100; });
  series("wind_speed", TimeKind::instant, [](const FireDay& d) { return d.w / 3.6; });
  series("precipitation_amount", TimeKind::accumulation, [](const FireDay& d) { return d.r / 24; });
  return in;
}

// The first days of the published sequence (tests/engine/fire/fire_weather_test.cpp has all of it).
const std::vector<FireDay> kDays{{17, 42, 25, 0}, {20, 21, 25, 2.4}, {8.5, 40, 17, 0}, {6.5, 25, 6, 0}, {13, 34, 24, 0}};
constexpr double kIndex[] = {10.1, 9.3, 7.6, 6.2, 14.8};

const SeriesModel& fire_model() { return series_model("fire_weather_index"); }
}  // namespace

BOOST_AUTO_TEST_SUITE(fire_weather_index_model)

BOOST_AUTO_TEST_CASE(days_to_come_follow_the_published_sequence) {
  const auto result = fire_model().compute(fire_weather(kDays, kFireNoon + 2 * kHour), default_params(fire_model()), {});
  BOOST_REQUIRE(result.series.pieces.size() == 5U);
  for (std::size_t k = 0; k < 5; ++k) {
    BOOST_TEST(std::abs(result.series.pieces[k].values[0] - kIndex[k]) <= 0.051, k);
    BOOST_TEST((result.series.pieces[k].interval.begin == kFireNoon + kOneDay * static_cast<int>(k)));
    BOOST_TEST(result.series.pieces[k].coverage[0] == 1);
  }
  BOOST_TEST((result.state.at == kFireNoon));
  BOOST_TEST(std::abs(result.state.values.at("ffmc")[0] - 87.7) < 0.051);
}

BOOST_AUTO_TEST_CASE(cycles_that_remember_come_to_the_same_days_and_a_repeated_cycle_to_the_same_state) {
  ModelState state;
  for (std::size_t k = 0; k < kDays.size(); ++k)
    for (const int h : {0, 2, 5, 20}) {  // within the time that a day settles in, and after it
      const TimePoint issue = kFireNoon + kOneDay * static_cast<int>(k) + kHour * h;
      HazardInputs in = fire_weather(kDays, issue);
      in.horizon = issue + kHour;
      const auto once = fire_model().compute(in, default_params(fire_model()), state);
      BOOST_REQUIRE(!once.series.pieces.empty());
      const SeriesPiece& p = once.series.pieces.back();
      BOOST_TEST((p.interval.begin == kFireNoon + kOneDay * static_cast<int>(k)));
      BOOST_TEST(std::abs(p.values[0] - kIndex[k]) <= 0.051, k << " at " << h);
      const auto twice = fire_model().compute(in, default_params(fire_model()), once.state);
      BOOST_TEST(twice.state.values.at("dmc")[0] == once.state.values.at("dmc")[0]);
      BOOST_TEST(twice.series.pieces.back().values[0] == p.values[0], boost::test_tools::tolerance(1e-4F));
      state = once.state;
    }
}

BOOST_AUTO_TEST_CASE(a_day_without_rain_data_has_no_index_and_the_codes_outlive_it) {
  HazardInputs in = fire_weather(kDays, kFireNoon + 2 * kHour);
  for (SeriesPiece& p : in.series[3].pieces)
    if (p.interval.end > kFireNoon + kOneDay && p.interval.end <= kFireNoon + 2 * kOneDay) p.values[0] = std::nanf("");
  const auto result = fire_model().compute(in, default_params(fire_model()), {});
  BOOST_TEST(std::isnan(result.series.pieces[2].values[0]));
  BOOST_TEST(result.series.pieces[2].coverage[0] == 0);
  BOOST_TEST(result.series.pieces[3].values[0] > 0);
  // No rain told at all: nothing can be said.
  in.series.pop_back();
  for (const SeriesPiece& p : fire_model().compute(in, default_params(fire_model()), {}).series.pieces) BOOST_TEST(std::isnan(p.values[0]));
}

BOOST_AUTO_TEST_CASE(an_index_is_told_only_as_far_as_all_of_its_weather) {
  HazardInputs in = fire_weather(kDays, kFireNoon + 2 * kHour);
  in.series[3].horizon = kFireNoon + kOneDay + 3 * kHour;
  const auto result = fire_model().compute(in, default_params(fire_model()), {});
  BOOST_TEST(result.series.pieces.size() == 2U);
  BOOST_TEST((result.series.horizon == kFireNoon + 2 * kOneDay));
}

BOOST_AUTO_TEST_CASE(members_part_where_their_weather_does) {
  HazardInputs in = fire_weather(kDays, kFireNoon + 2 * kHour);
  in.members = 2;
  for (SeriesPiece& p : in.series[3].pieces)
    if (p.origin == Origin::forecast) p.members = {{p.values[0]}, {p.values[0] + 0.5F}};
  const auto result = fire_model().compute(in, default_params(fire_model()), {});
  BOOST_TEST(result.series.pieces[0].members.empty());
  const SeriesPiece& p = result.series.pieces[4];
  BOOST_REQUIRE(p.members.size() == 2U);
  BOOST_TEST(std::abs(p.members[0][0] - kIndex[4]) < 0.051);
  BOOST_TEST(p.members[1][0] < p.members[0][0]);
  BOOST_TEST(p.values[0] == (p.members[0][0] + p.members[1][0]) / 2, boost::test_tools::tolerance(1e-5F));
}

BOOST_AUTO_TEST_CASE(its_pack_gives_the_class_of_the_day) {
  HazardInputs in = fire_weather(kDays, kFireNoon + 2 * kHour);
  in.series.push_back(fire_model().compute(in, default_params(fire_model()), {}).series);
  in.horizon = *in.series.back().horizon;
  const RuleModel pack(load_rule_pack("configs/rules/" + fire_model().info().pack + ".toml"));
  BOOST_TEST((pack.evaluate(in).rows[0].level == Level::blue));  // 10.1 and 9.3: from 5 to 11
}

BOOST_AUTO_TEST_CASE(a_state_of_a_later_time_too_old_or_not_whole_is_not_gone_on_from) {
  const HazardInputs in = fire_weather(kDays, kFireNoon + 2 * kHour);
  ModelState state = fire_model().compute(in, default_params(fire_model()), {}).state;
  for (const int days : {3, -20}) {
    ModelState other = state;
    other.at += kOneDay * days;
    const auto result = fire_model().compute(in, default_params(fire_model()), other);
    BOOST_TEST(result.notes.size() == 2U);
    BOOST_TEST(std::abs(result.series.pieces[0].values[0] - kIndex[0]) <= 0.051);
  }
  state.values.erase("dc");
  const auto result = fire_model().compute(in, default_params(fire_model()), state);
  BOOST_TEST(result.notes.at(0).find("not whole") != std::string::npos);
  BOOST_TEST(std::abs(result.series.pieces[0].values[0] - kIndex[0]) <= 0.051);
}

BOOST_AUTO_TEST_SUITE_END()
