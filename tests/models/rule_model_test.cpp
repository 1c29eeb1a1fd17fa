#include "models/rule_model.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/models/plain_rain_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace guyu {
std::ostream& operator<<(std::ostream& out, Level level) { return out << to_string(level); }
}  // namespace guyu
namespace {
const TimePoint kIssue = parse_time("2021-07-20T06:00:00Z");
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

RulePack national() { return load_rule_pack("configs/rules/cma_2007_rainstorm.toml"); }

// One region; mm per hour, `past` hours up to the issue time and the rest after it.
HazardInputs rain_inputs(std::size_t regions, TimePoint horizon) {
  HazardInputs in{kIssue, horizon, regions};
  in.series.push_back({quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, kIssue});
  return in;
}
HazardInputs hourly(const std::vector<float>& mm, int past, float coverage = 1) {
  HazardInputs s = rain_inputs(1, kIssue + std::chrono::hours(static_cast<int>(mm.size()) - past));
  for (int h = 0; h < static_cast<int>(mm.size()); ++h) {
    const TimePoint begin = kIssue + std::chrono::hours(h - past);
    s.series[0].pieces.push_back(
        {{begin, begin + std::chrono::hours(1)}, h < past ? Origin::observed : Origin::forecast, {mm[static_cast<std::size_t>(h)]}, {coverage}, {}});
  }
  return s;
}
RiskRow only(const RulePack& pack, const HazardInputs& s) { return RuleModel(pack).evaluate(s).rows.at(0); }
std::vector<float> dry(int hours) { return std::vector<float>(static_cast<std::size_t>(hours), 0.0F); }
}  // namespace
BOOST_AUTO_TEST_SUITE(rule_model)

BOOST_AUTO_TEST_CASE(shipped_packs_hold_the_published_figures) {
  const RulePack n = national();
  BOOST_REQUIRE(n.rules.size() == 4U);
  BOOST_TEST(n.rules[0].name == "rainstorm.red.3h");
  BOOST_TEST(rain_rules(n)[0].threshold_mm == 100);
  BOOST_TEST(n.verified);
  const RulePack b = load_rule_pack("configs/rules/beijing_rainstorm.toml");
  BOOST_TEST(b.rules.size() == 9U);
  BOOST_TEST(!b.verified);
}

BOOST_AUTO_TEST_CASE(a_pack_whose_levels_do_not_nest_is_refused) {
  const std::string path = test::temporary_folder("pack") + "/p.toml";
  const std::string head = "name='x'\nhazard='rainstorm'\nsource='s'\nedition='e'\nverified=true\n";
  write_file_atomically(path, head + "[[rule]]\nlevel='blue'\nwindow='3 h'\nthreshold='50 mm'\n[[rule]]\nlevel='red'\nwindow='3 h'\nthreshold='40 mm'\n");
  BOOST_CHECK_EXCEPTION(load_rule_pack(path), Error, [](const Error& e) { return std::string(e.what()).find("nest") != std::string::npos; });
  write_file_atomically(path, head + "[[rule]]\nlevel='blue'\nwindow='3 h'\nthreshold='50 K'\n");
  BOOST_CHECK_THROW(load_rule_pack(path), Error);
}

BOOST_AUTO_TEST_CASE(known_and_dry_is_none_and_missing_is_unknown) {
  BOOST_TEST(only(national(), hourly(dry(24), 12)).level == Level::none);
  auto rain = dry(24);
  for (std::size_t h = 4; h < 9; ++h) rain[h] = kNaN;
  BOOST_TEST(only(national(), hourly(rain, 12)).level == Level::unknown);
  BOOST_TEST(only(national(), rain_inputs(1, kIssue + std::chrono::hours(1))).level == Level::unknown);
  BOOST_TEST(only(national(), hourly(dry(24), 12, 0.5F)).level == Level::unknown);
}

BOOST_AUTO_TEST_CASE(each_level_is_given_at_its_threshold_and_not_below) {
  const struct {
    float mm;
    int hours;
    Level at, below;
  } cases[] = {
      {50, 12, Level::blue, Level::none}, {50, 6, Level::yellow, Level::none}, {50, 3, Level::orange, Level::none}, {100, 3, Level::red, Level::orange}};
  for (const auto& c : cases)
    for (const int start : {12, 12 - c.hours / 2}) {  // all to come, and half of it fallen
      auto rain = dry(24);
      for (int h = 0; h < c.hours; ++h) rain[static_cast<std::size_t>(start + h)] = c.mm / static_cast<float>(c.hours);
      const RiskRow row = only(national(), hourly(rain, 12));
      BOOST_TEST(row.level == c.at);
      BOOST_TEST(row.evidence.observed + row.evidence.forecast == c.mm, boost::test_tools::tolerance(1e-5));
      for (float& mm : rain) mm *= 0.99F;
      BOOST_TEST(only(national(), hourly(rain, 12)).level == c.below);
    }
}

BOOST_AUTO_TEST_CASE(evidence_parts_observed_from_forecast) {
  auto rain = dry(24);
  rain[11] = 30, rain[12] = 25;
  const RiskRow row = only(national(), hourly(rain, 12));
  BOOST_TEST(row.level == Level::orange);
  BOOST_TEST(row.evidence.rule == "rainstorm.orange.3h");
  BOOST_TEST(row.evidence.observed == 30);
  BOOST_TEST(row.evidence.forecast == 25);
  BOOST_TEST(!row.evidence.already_reached);
  BOOST_TEST(row.evidence.coverage == 1);
}

BOOST_AUTO_TEST_CASE(already_reached_stands_while_rain_continues_or_its_future_is_unknown) {
  auto rain = dry(24);
  rain[10] = 60;
  BOOST_TEST(only(national(), hourly(rain, 12)).level == Level::none);
  rain[12] = 1;
  const RiskRow row = only(national(), hourly(rain, 12));
  BOOST_TEST(row.level == Level::orange);
  BOOST_TEST(row.evidence.already_reached);
  for (std::size_t h = 12; h < 24; ++h) rain[h] = kNaN;
  BOOST_TEST(only(national(), hourly(rain, 12)).level == Level::orange);
}

BOOST_AUTO_TEST_CASE(rain_that_comes_back_within_the_window_continues_the_event) {
  auto rain = dry(24);
  rain[11] = 40, rain[13] = 15;  // a dry hour between
  BOOST_TEST(only(national(), hourly(rain, 12)).level == Level::orange);
  rain[11] = 80, rain[13] = 30;  // the observed part alone now reaches the threshold of orange
  BOOST_TEST(only(national(), hourly(rain, 12)).level == Level::red);
  rain[11] = 60, rain[13] = 15;
  BOOST_TEST(only(national(), hourly(rain, 12)).level == Level::orange);
}

BOOST_AUTO_TEST_CASE(a_partly_known_sum_that_suffices_needs_no_more) {
  auto rain = std::vector<float>(24, kNaN);
  rain[12] = 55;
  BOOST_TEST(only(national(), hourly(rain, 12)).level == Level::orange);
  // Half of the area unseen: only what was seen counts.
  auto half = dry(24);
  half[12] = 60;
  BOOST_TEST(only(national(), hourly(half, 12, 0.5F)).level == Level::unknown);
  half[12] = 101;
  BOOST_TEST(only(national(), hourly(half, 12, 0.5F)).level == Level::orange);
}

BOOST_AUTO_TEST_CASE(more_rain_never_lowers_a_level_and_threads_change_nothing) {
  std::uint32_t x = 12345;
  const auto next = [&x] { return (x = x * 1664525U + 1013904223U) >> 8; };
  constexpr std::size_t kRegions = 500;
  HazardInputs s = rain_inputs(kRegions, kIssue + std::chrono::hours(3));
  for (int h = -24; h < 6; ++h) {
    SeriesPiece p{
        {kIssue + std::chrono::minutes(30 * h), kIssue + std::chrono::minutes(30 * h + 30)}, h < 0 ? Origin::observed : Origin::extrapolated, {}, {}, {}};
    for (std::size_t r = 0; r < kRegions; ++r) {
      p.values.push_back(next() % 10 == 0 ? kNaN : static_cast<float>(next() % 100) * 0.2F * static_cast<float>(r % 7) / 6);
      p.coverage.push_back(0.7F + 0.3F * static_cast<float>(next() % 2));
    }
    s.series[0].pieces.push_back(std::move(p));
  }
  const RuleModel model(load_rule_pack("configs/rules/beijing_rainstorm.toml"));
  set_num_threads(1);
  const auto one = model.evaluate(s).rows;
  set_num_threads(2);
  const auto two = model.evaluate(s).rows;
  HazardInputs wetter = s;
  for (SeriesPiece& p : wetter.series[0].pieces)
    for (float& mm : p.values) mm *= 2;
  const auto more = model.evaluate(wetter).rows;
  for (std::size_t r = 0; r < kRegions; ++r) {
    BOOST_TEST(one[r].level == two[r].level);
    BOOST_TEST(one[r].evidence.forecast == two[r].evidence.forecast);
    if (one[r].level != Level::unknown) BOOST_TEST(more[r].level >= one[r].level);
  }
}

// Twelve hours to come of one amount an hour, which each member multiplies.
HazardInputs futures(const std::vector<float>& factors, float mm_per_hour, float coverage = 1) {
  HazardInputs s = hourly(std::vector<float>(24, mm_per_hour), 12);
  s.members = factors.size();
  for (SeriesPiece& p : s.series[0].pieces) {
    if (p.origin == Origin::observed) {
      p.values = {0};
      continue;
    }
    p.coverage = {coverage};
    for (const float f : factors) p.members.push_back({f * mm_per_hour});
  }
  return s;
}

BOOST_AUTO_TEST_CASE(a_level_needs_its_share_of_the_futures) {
  RulePack pack = national();                       // Blue 50 mm in 12 h, Yellow in 6 h
  const HazardInputs s = futures({0, 0, 1, 2}, 5);  // 0, 0, 60 and 120 mm in 12 h; the last has 60 mm in 6 h
  pack.decision_probability = 0.5;
  RiskRow row = only(pack, s);
  BOOST_TEST((row.level == Level::blue));
  BOOST_TEST(row.probability[0] == 0.5F);
  BOOST_TEST(row.probability[1] == 0.25F);
  BOOST_TEST(row.probability[2] == 0.0F);
  pack.decision_probability = 0.25;
  BOOST_TEST((only(pack, s).level == Level::yellow));
  pack.decision_probability = 0.6;
  row = only(pack, s);
  BOOST_TEST((row.level == Level::none));
  BOOST_TEST(row.probability[0] == 0.5F);
}

BOOST_AUTO_TEST_CASE(equal_futures_decide_as_one_does) {
  for (const float mm : {0.5F, 4.0F, 5.0F, 10.0F, 20.0F, 40.0F}) {
    const RiskRow one = only(national(), futures({1}, mm)), many = only(national(), futures(std::vector<float>(7, 1.0F), mm));
    BOOST_TEST((one.level == many.level));
    BOOST_TEST((one.probability == many.probability));
    BOOST_TEST(one.evidence.rule == many.evidence.rule);
    BOOST_TEST(one.evidence.forecast == many.evidence.forecast);
  }
}

BOOST_AUTO_TEST_CASE(more_rain_in_one_future_never_lowers_the_level) {
  for (int k = 0; k < 4; ++k) {
    std::vector<float> factors{0.2F, 0.9F, 1.3F, 3.0F};
    const RiskRow before = only(national(), futures(factors, 5));
    factors[static_cast<std::size_t>(k)] *= 4;
    const RiskRow after = only(national(), futures(factors, 5));
    BOOST_TEST((after.level >= before.level));
    for (std::size_t l = 0; l < 4; ++l) BOOST_TEST(after.probability[l] >= before.probability[l]);
  }
}

BOOST_AUTO_TEST_CASE(futures_that_cannot_tell_make_no_a_dont_know) {
  const RiskRow row = only(national(), futures({0, 0, 0, 0}, 5, 0.3F));  // little of the area is seen, and what is seen is dry
  BOOST_TEST((row.level == Level::unknown));
  BOOST_TEST(row.unknown_share == 1.0F);
}

BOOST_AUTO_TEST_CASE(calibrated_probabilities_decide_and_stay_nested) {
  const HazardInputs s = futures({0, 0, 1, 2}, 5);  // Blue in half of the futures, Yellow in a quarter
  const auto row_of = [&](const CalibratedProbability& c) { return RuleModel(national(), c).evaluate(s).rows.at(0); };
  BOOST_TEST((row_of([](std::size_t, Level, float p) { return 0.5F * p; }).level == Level::none));
  const RiskRow raised = row_of([](std::size_t, Level, float p) { return std::min(1.0F, 2 * p); });
  BOOST_TEST((raised.level == Level::yellow));
  BOOST_TEST(raised.probability[0] == 1.0F);
  BOOST_TEST(raised.probability[1] == 0.5F);
  // A level that no future reaches: the evidence is that of the nearest, and a severer level is never likelier than a milder one.
  const RiskRow red = row_of([](std::size_t, Level l, float) { return l == Level::red ? 0.9F : 0.6F; });
  BOOST_TEST((red.level == Level::red));
  BOOST_TEST(red.probability[3] == 0.6F);
  BOOST_TEST(red.evidence.forecast > 50);
  // What cannot be told is not calibrated away.
  BOOST_TEST((RuleModel(national(), [](std::size_t, Level, float) { return 0.0F; }).evaluate(futures({0, 0}, 5, 0.3F)).rows.at(0).level == Level::unknown));
}

BOOST_AUTO_TEST_CASE(the_trail_tells_every_rule_and_what_would_have_turned_it) {
  // 12 h behind, 12 h to come: 5 mm/h in the last 3 h and 10 mm/h in the next 3 h.
  std::vector<float> rain = dry(24);
  for (std::size_t h = 9; h < 12; ++h) rain[h] = 5;
  for (std::size_t h = 12; h < 15; ++h) rain[h] = 10;
  const RuleModel model(national());
  const HazardInputs series = hourly(rain, 12);
  const std::vector<RuleTrail> trail = model.explain(series, 0);
  BOOST_REQUIRE(trail.size() == model.pack().rules.size());
  for (const RuleTrail& t : trail) {
    const double most = t.rule.find(".3h") != std::string::npos ? 30 : 45;  // of any window of 3 h, or of 6 and 12 h
    BOOST_TEST(t.observed + t.forecast == most, boost::test_tools::tolerance(1e-9));
    BOOST_TEST((t.answer == (most >= t.threshold ? Answer::yes : Answer::no)), t.rule);
    BOOST_TEST(t.margin == std::abs(t.threshold - most), boost::test_tools::tolerance(1e-9));
  }
}

BOOST_AUTO_TEST_CASE(the_trail_implies_the_level_and_the_margin_turns_the_answer) {
  std::mt19937 random(7);
  const RuleModel model(load_rule_pack("configs/rules/beijing_rainstorm.toml"));
  int turned = 0;
  for (int k = 0; k < 300; ++k) {
    std::vector<float> rain(24);
    for (float& mm : rain) mm = random() % 8 == 0 ? kNaN : random() % 2 ? static_cast<float>(random() % 160) / 10 : 0;
    for (std::size_t h = 12; h < 24; ++h) rain[h] = std::isnan(rain[h]) ? 3 : rain[h] + 1;  // it goes on
    const HazardInputs series = hourly(rain, 12);
    const auto trail = model.explain(series, 0);
    Level implied = Level::none;
    bool unknown = false;
    for (const RuleTrail& t : trail) {
      if (t.answer == Answer::yes) implied = std::max(implied, t.level);
      unknown = unknown || t.answer == Answer::unknown;
    }
    if (implied == Level::none && unknown) implied = Level::unknown;
    BOOST_TEST(implied == model.evaluate(series).rows.at(0).level);
    for (std::size_t r = 0; r < trail.size(); ++r) {
      const RuleTrail& t = trail[r];
      if (t.answer != Answer::no || t.window.end <= series.issue) continue;
      HazardInputs more = series;
      for (SeriesPiece& p : more.series[0].pieces) {
        if (p.interval.end != t.window.end && !(p.interval.begin < t.window.end && p.interval.end > t.window.end)) continue;
        if (p.origin == Origin::observed || p.interval.end != t.window.end) continue;
        p.values[0] += static_cast<float>(t.margin + 1e-3);
        BOOST_TEST((model.explain(more, 0)[r].answer == Answer::yes), t.rule);
        ++turned;
      }
    }
  }
  BOOST_TEST(turned > 200);
}

BOOST_AUTO_TEST_CASE(the_columns_say_what_the_plain_way_says) {
  std::mt19937 random(11);
  const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
  for (const char* name : {"cma_2007_rainstorm", "beijing_rainstorm", "drill_rainstorm"}) {
    const RulePack pack = load_rule_pack(std::string("configs/rules/") + name + ".toml");
    const RuleModel model(pack);
    for (int trial = 0; trial < 12; ++trial) {
      HazardInputs in = rain_inputs(150, kIssue + std::chrono::minutes(60 + 97 * trial));
      in.members = trial % 3 == 0 ? 1 : 3;
      TimePoint t = kIssue - std::chrono::hours(12) - std::chrono::minutes(trial);
      while (t < in.horizon) {
        TimePoint end = t + std::chrono::minutes(10 + random() % 90);
        if (t < kIssue && end > kIssue) end = kIssue;
        const bool observed = t < kIssue;
        SeriesPiece p{{t, end}, observed ? Origin::observed : Origin::forecast, {}, {}, {}};
        for (std::size_t r = 0; r < in.regions; ++r) {
          p.values.push_back(chance(15) ? kNaN : chance(2) ? 0.0F : static_cast<float>(random() % 300) / 10);
          p.coverage.push_back(chance(6) ? static_cast<float>(random() % 10) / 10 : 1.0F);
        }
        if (!observed && in.members > 1)
          for (std::size_t m = 0; m < in.members; ++m) {
            p.members.push_back(p.values);
            for (float& mm : p.members.back()) mm = chance(40) ? kNaN : mm * static_cast<float>(random() % 20) / 10;
          }
        if (!chance(9)) in.series[0].pieces.push_back(std::move(p));  // else a gap
        t = end;
      }
      const HazardAnswer answer = model.evaluate(in);
      for (std::size_t m = 0; m < in.members; ++m)
        for (std::size_t r = 0; r < in.regions; ++r)
          BOOST_TEST(static_cast<Level>(answer.member_levels[m * in.regions + r]) == test::plain_rain_level(pack, in, r, m));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
