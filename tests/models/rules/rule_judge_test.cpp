#include "models/rules/rule_judge.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "engine/core/atomic_file.h"
#include "models/rule_model.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
const TimePoint kNow = parse_time("2024-06-10T00:00:00Z");  // 8:00 local
constexpr float kGap = std::numeric_limits<float>::quiet_NaN();
using Values = std::vector<float>;

// Hourly instants of one region: `past` hours observed up to now, the rest forecast.
HazardSeries instants(const char* quantity, const Values& values, int past = 0) {
  HazardSeries s{*find_quantity(quantity), "mean", TimeKind::instant, {}, {}, {}};
  for (std::size_t k = 0; k < values.size(); ++k) {
    const TimePoint t = kNow + std::chrono::hours(static_cast<int>(k) + 1 - past);
    s.pieces.push_back({{t, t}, t <= kNow ? Origin::observed : Origin::forecast, {values[k]}, {1.0F}, {}});
  }
  return s;
}
HazardInputs with(std::vector<HazardSeries> series, int hours = 96) {
  HazardInputs in{kNow, kNow + std::chrono::hours(hours), 1};
  in.series = std::move(series);
  return in;
}
RulePack rules(const std::string& text) {
  const std::string path = test::temporary_folder("rules") + "/p.toml";
  write_file_atomically(path, "name='x'\nhazard='test'\nsource='s'\nedition='e'\nverified=true\n" + text);
  return load_rule_pack(path);
}
std::string level_of(const RulePack& pack, const HazardInputs& in) { return std::string(to_string(RuleModel(pack).evaluate(in).rows.at(0).level)); }
RulePack shipped(const char* name) { return load_rule_pack(std::string("configs/rules/") + name + ".toml"); }
Values steady(int hours, float value) { return Values(static_cast<std::size_t>(hours), value); }
Values with_at(Values v, std::size_t at, float value) {
  v.at(at) = value;
  return v;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(rule_judge)

BOOST_AUTO_TEST_CASE(a_gale_is_told_by_mean_wind_or_by_gusts_in_its_own_time) {
  const RulePack gale = shipped("cma_2007_gale");
  const auto level = [&](const Values& mean, const Values& gust) {
    return level_of(gale, with({instants("wind_speed", mean), instants("wind_speed_of_gust", gust)}, 24));
  };
  const Values calm = steady(24, 5), gusts = steady(24, 8);
  BOOST_TEST(level(calm, gusts) == "None");
  BOOST_TEST(level(with_at(calm, 20, 10.8F), gusts) == "Blue");
  BOOST_TEST(level(calm, with_at(gusts, 20, 13.9F)) == "Blue");
  BOOST_TEST(level(with_at(calm, 20, 40), gusts) == "Blue");  // 21 h ahead only the 24 h rule looks
  BOOST_TEST(level(with_at(calm, 11, 40), gusts) == "Yellow");
  BOOST_TEST(level(with_at(calm, 5, 40), gusts) == "Red");
  // One of the two missing: a yes stands, a no does not.
  BOOST_TEST(level_of(gale, with({instants("wind_speed", with_at(calm, 20, 11))}, 24)) == "Blue");
  BOOST_TEST(level_of(gale, with({instants("wind_speed", calm)}, 24)) == "Unknown");
  BOOST_TEST(level(with_at(calm, 3, kGap), gusts) == "Unknown");
  BOOST_TEST(level(with_at(with_at(calm, 3, kGap), 4, 15), gusts) == "Blue");
}

BOOST_AUTO_TEST_CASE(a_cold_wave_needs_fall_cold_and_wind) {
  const RulePack wave = shipped("cma_2007_cold_wave");
  // Two days at 285 K behind, then cold.
  const auto level = [&](float then, float wind) {
    Values t = steady(72, 285);
    const Values cold = steady(48, then);
    t.insert(t.end(), cold.begin(), cold.end());
    return level_of(wave, with({instants("air_temperature", t, 72), instants("wind_speed", steady(120, wind), 72)}, 48));
  };
  BOOST_TEST(level(276.5F, 8) == "Blue");        // falls by 8.5 K to 3.35 degC, force 5
  BOOST_TEST(level(276.5F, 7.9F) == "None");     // no wind
  BOOST_TEST(level(278, 8) == "None");           // falls by 7 K only
  BOOST_TEST(level(274.5F, 10.8F) == "Yellow");  // 10.5 K in 24 h
  BOOST_TEST(level(273, 10.8F) == "Orange");     // 12 K, below 0 degC
  BOOST_TEST(level(269, 10.8F) == "Red");
  // Without the days before nobody can tell a fall, but no wind is no cold wave.
  BOOST_TEST(level_of(wave, with({instants("air_temperature", steady(48, 269)), instants("wind_speed", steady(48, 12))}, 48)) == "Unknown");
  BOOST_TEST(level_of(wave, with({instants("air_temperature", steady(48, 269)), instants("wind_speed", steady(48, 2))}, 48)) == "None");
}

BOOST_AUTO_TEST_CASE(three_hot_days_are_three_days_that_end_at_eight_in_the_evening) {
  const RulePack heat = shipped("cma_2007_heat");
  // Hour k+1 after 8:00 local; 14:00 local is 6 h on.
  const auto days = [](std::initializer_list<float> noons) {
    Values t = steady(96 + 84, 300);
    std::size_t d = 0;
    for (const float noon : noons) t.at(96 + 5 + 24 * d++) = noon;
    return t;
  };
  const float hot = 273.15F + 35.5F;
  const auto level = [&](const Values& t, int past = 96) { return level_of(heat, with({instants("air_temperature", t, past)}, 84)); };
  BOOST_TEST(level(days({hot, hot, hot})) == "Yellow");
  BOOST_TEST(level(days({hot, 300, hot})) == "None");
  BOOST_TEST(level(days({300, hot, hot})) != "Yellow");
  BOOST_TEST(level(days({273.15F + 37, 300, 300})) == "Orange");
  BOOST_TEST(level(days({273.15F + 40, hot, hot})) == "Red");
  Values night = days({hot, hot, hot});
  for (std::size_t h = 26; h < 33; ++h) night[96 + h] = kGap;  // more than the fifth of a day that may be missing
  BOOST_TEST(level(night) == "Unknown");
  // Without the days behind: the third hot day may be today's; and the hot half of a day that is known makes it hot.
  const auto from_now = [&](Values t) { return level(Values(t.begin() + 96, t.end()), 0); };
  BOOST_TEST(from_now(days({hot, hot, hot})) == "Yellow");
  BOOST_TEST(from_now(days({hot, 300, 300})) == "Unknown");
}

BOOST_AUTO_TEST_CASE(fog_and_haze_share_the_view_and_part_by_humidity_of_the_same_hour) {
  const auto level = [&](const char* pack, const Values& view, const Values& humidity) {
    return level_of(shipped(pack), with({instants("visibility_in_air", view), instants("relative_humidity", humidity)}, 12));
  };
  const Values clear = steady(12, 20000), damp = steady(12, 0.95F), dry = steady(12, 0.4F);
  BOOST_TEST(level("cma_2007_fog", clear, damp) == "None");
  BOOST_TEST(level("cma_2007_fog", with_at(clear, 8, 400), damp) == "Yellow");
  BOOST_TEST(level("cma_2007_fog", with_at(clear, 8, 400), dry) == "None");
  // Damp, but at another hour.
  BOOST_TEST(level("cma_2007_fog", with_at(clear, 8, 400), with_at(dry, 3, 0.95F)) == "None");
  BOOST_TEST(level("cma_2007_haze", with_at(clear, 8, 400), dry) == "Yellow");
  BOOST_TEST(level("cma_2007_haze", with_at(clear, 8, 400), damp) == "None");
  BOOST_TEST(level("cma_2007_fog", with_at(clear, 8, 400), with_at(damp, 8, kGap)) == "Unknown");
  BOOST_TEST(level("cma_2007_fog", with_at(clear, 8, kGap), dry) == "None");  // dry air is no fog, whatever the view
}

BOOST_AUTO_TEST_CASE(what_was_observed_just_now_stands_unless_it_is_known_to_be_over) {
  const RulePack gale = rules("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='10 m/s'\nwithin='6 h'\n");
  const auto level = [&](Values after) {
    Values all = steady(3, 15);
    all.insert(all.end(), after.begin(), after.end());
    return level_of(gale, with({instants("wind_speed", all, 3)}, 6));
  };
  BOOST_TEST(level(steady(6, 5)) == "None");
  BOOST_TEST(level(with_at(steady(6, 5), 4, 12)) == "Blue");
  BOOST_TEST(level(with_at(steady(6, 5), 0, kGap)) == "Blue");  // the next hour is not known: it may go on
  BOOST_TEST(level({}) == "Blue");
}

BOOST_AUTO_TEST_CASE(persistence_counts_unbroken_time_and_once_in_any) {
  const RulePack lasting = rules("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='10 m/s'\nwithin='12 h'\nlasting='3 h'\n");
  const auto level = [&](const RulePack& pack, const Values& v) { return level_of(pack, with({instants("wind_speed", v, 3)}, 9)); };
  Values wind = steady(12, 5);
  for (const std::size_t k : {5U, 6U}) wind[k] = 12;
  BOOST_TEST(level(lasting, wind) == "None");
  wind[7] = 12;
  BOOST_TEST(level(lasting, wind) == "Blue");
  wind[6] = kGap;
  BOOST_TEST(level(lasting, wind) == "Unknown");
  wind[6] = 5;
  BOOST_TEST(level(lasting, wind) == "None");
  // Two conditions at one time: cold now, and wind once in the last three hours.
  const RulePack once = rules(
      "[[rule]]\nlevel='blue'\nwithin='9 h'\ntogether='time'\n[[rule.condition]]\nquantity='air_temperature'\nis='below'\nthreshold='0 degC'\n"
      "[[rule.condition]]\nquantity='wind_speed'\nthreshold='10 m/s'\nonce_in='3 h'\n");
  const auto both = [&](std::size_t cold, std::size_t windy) {
    return level_of(
        once, with({instants("air_temperature", with_at(steady(12, 280), cold, 270), 3), instants("wind_speed", with_at(steady(12, 5), windy, 12), 3)}, 9));
  };
  BOOST_TEST(both(8, 8) == "Blue");
  BOOST_TEST(both(8, 6) == "Blue");
  BOOST_TEST(both(8, 5) == "None");
  BOOST_TEST(both(8, 9) == "None");
}

BOOST_AUTO_TEST_CASE(cold_dew_wind_takes_three_cool_days_or_two_with_a_cold_one) {
  const RulePack indica = shipped("cold_dew_wind_indica");
  const auto level = [&](std::initializer_list<float> days) {
    const TimePoint now = parse_time("2024-09-20T12:00:00Z");  // 20:00 local
    HazardInputs in{now, now + std::chrono::hours(24 * static_cast<int>(days.size())), 1};
    HazardSeries s{*find_quantity("air_temperature"), "mean", TimeKind::mean, {}, {}, {}};
    TimePoint t = now - std::chrono::hours(6 * 24);
    std::vector<float> all(6, 25.0F);  // days behind
    all.insert(all.end(), days.begin(), days.end());
    for (const float d : all)
      for (int h = 0; h < 24; ++h, t += std::chrono::hours(1))
        s.pieces.push_back({{t, t + std::chrono::hours(1)}, Origin::forecast, {273.15F + d + (h < 12 ? 3.0F : -3.0F)}, {1.0F}, {}});
    in.series.push_back(std::move(s));
    return level_of(indica, in);
  };
  BOOST_TEST(level({21, 21, 23, 21, 21}) == "None");
  BOOST_TEST(level({23, 21, 21, 21, 23}) == "Blue");
  BOOST_TEST(level({23, 19, 19, 19, 23}) == "Orange");
  BOOST_TEST(level({23, 19, 15, 23, 23}) == "Orange");
  BOOST_TEST(level({23, 19, 23, 15, 23}) == "None");
}

BOOST_AUTO_TEST_CASE(gates_close_by_season_hour_and_place_and_an_unknown_place_may_be_one) {
  const auto level = [&](const char* gate, std::vector<RegionAttribute> attributes = {}) {
    HazardInputs in = with({instants("wind_speed", with_at(steady(12, 5), 5, 20))}, 12);  // 14:00 local on June 10
    in.attributes = std::move(attributes);
    return level_of(rules(std::string("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='10 m/s'\nwithin='12 h'\n") + gate), in);
  };
  BOOST_TEST(level("") == "Blue");
  BOOST_TEST(level("season=['06-10..06-10']\n") == "Blue");
  BOOST_TEST(level("season=['11-01..06-09']\n") == "None");
  BOOST_TEST(level("season=['11-01..06-09','06-10..06-30']\n") == "Blue");
  BOOST_TEST(level("hours='13:00..14:00'\n") == "Blue");
  BOOST_TEST(level("hours='14:00..18:00'\n") == "None");
  BOOST_TEST(level("hours='20:00..14:00'\n") == "Blue");
  BOOST_TEST(level("where=['slope >= 15 degree']\n", {{"slope", "degree", {20}}}) == "Blue");
  BOOST_TEST(level("where=['slope >= 15 degree']\n", {{"slope", "degree", {10}}}) == "None");
  BOOST_TEST(level("where=['slope >= 15 degree']\n", {{"slope", "degree", {kGap}}}) == "Unknown");
  BOOST_TEST(level("where=['slope >= 15 degree']\n") == "Unknown");
  BOOST_TEST(level("where=['slope >= 15 degree']\n", {{"slope", "m", {20}}}) == "Unknown");
  BOOST_TEST(level("where=['height >= 1 km']\n", {{"height", "m", {1200}}}) == "Blue");
  BOOST_TEST(level("where=['land_cover = 3','slope < 30']\n", {{"land_cover", "1", {3}}, {"slope", "degree", {10}}}) == "Blue");
  BOOST_TEST(level("where=['land_cover = 3']\n", {{"land_cover", "1", {4}}}) == "None");
}

BOOST_AUTO_TEST_CASE(midnight_belongs_to_the_day_that_it_ends) {
  // 2024-06-10 24:00 local is 16:00 UTC.
  const auto level = [&](const char* gate) {
    return level_of(rules(std::string("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='10 m/s'\nwithin='24 h'\n") + gate),
                    with({instants("wind_speed", with_at(steady(24, 5), 15, 20))}, 24));
  };
  BOOST_TEST(level("season=['06-10..06-10']\n") == "Blue");
  BOOST_TEST(level("season=['06-11..06-30']\n") == "None");
  BOOST_TEST(level("season=['06-10..06-10']\nhours='18:00..24:00'\n") == "Blue");
}

BOOST_AUTO_TEST_CASE(out_of_season_nothing_need_be_known) {
  const auto level = [&](const char* gate) {
    return level_of(rules(std::string("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='10 m/s'\nwithin='6 h'\n") + gate), with({}, 24));
  };
  BOOST_TEST(level("") == "Unknown");
  BOOST_TEST(level("season=['05-01..09-30']\n") == "Unknown");
  BOOST_TEST(level("season=['10-01..04-30']\n") == "None");  // over the new year, and not in June
  BOOST_TEST(level("season=['06-11..06-30']\n") == "None");  // begins tomorrow, the rule looks to 14:00
  BOOST_TEST(level("hours='20:00..06:00'\n") == "None");
  BOOST_TEST(level("hours='13:59..20:00'\n") == "Unknown");
}

BOOST_AUTO_TEST_CASE(a_step_longer_than_the_hours_of_a_rule_speaks_for_them) {
  // Six-hourly winds: the one of 14:00 local is that of 10:00 to 12:00 too.
  HazardSeries s{*find_quantity("wind_speed"), "mean", TimeKind::instant, {}, {}, {}};
  for (const int h : {0, 6, 12}) {
    const TimePoint t = kNow + std::chrono::hours(h);
    s.pieces.push_back({{t, t}, Origin::forecast, {h == 6 ? 20.0F : 5.0F}, {1.0F}, {}});
  }
  const auto level = [&](const char* hours) {
    return level_of(rules(std::string("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='10 m/s'\nwithin='12 h'\nhours='") + hours + "'\n"),
                    with({s}, 12));
  };
  BOOST_TEST(level("10:00..12:00") == "Blue");
  BOOST_TEST(level("15:00..17:00") == "None");
}

// The same wind in pieces with a gap of some hours in them.
BOOST_AUTO_TEST_CASE(what_happened_in_a_gap_is_not_known) {
  const auto winds = [](std::initializer_list<std::pair<int, float>> ends) {
    HazardSeries s{*find_quantity("wind_speed"), "mean", TimeKind::mean, {}, {}, {}};
    for (const auto& [hour, value] : ends) {
      const TimePoint t = kNow + std::chrono::hours(hour);
      s.pieces.push_back({{t - std::chrono::hours(1), t}, t <= kNow ? Origin::observed : Origin::forecast, {value}, {1.0F}, {}});
    }
    return s;
  };
  const auto level = [&](const std::string& rule, const HazardSeries& s) {
    return level_of(rules("[[rule]]\nlevel='blue'\nquantity='wind_speed'\n" + rule), with({s}, 8));
  };
  const HazardSeries gap = winds({{1, 12}, {2, 12}, {6, 12}, {7, 12}, {8, 12}}), calm_gap = winds({{1, 2}, {2, 2}, {6, 2}, {7, 2}, {8, 2}});
  // Five of seven hours are known to be windy, but not that it lasted.
  BOOST_TEST(level("threshold='10 m/s'\nwithin='8 h'\nlasting='5 h'\n", gap) == "Unknown");
  BOOST_TEST(level("threshold='10 m/s'\nwithin='8 h'\nlasting='3 h'\n", gap) == "Blue");
  BOOST_TEST(level("threshold='10 m/s'\nwithin='8 h'\nlasting='5 h'\n", calm_gap) == "None");
  BOOST_TEST(level("threshold='10 m/s'\nwithin='8 h'\nlasting='3 h'\n", calm_gap) == "Unknown");
  // A series that ended before the issue time tells nothing, whatever is made of it.
  HazardSeries ended = winds({{-3, 2}, {-2, 2}, {-1, 2}, {0, 2}});
  ended.horizon = kNow;
  for (const char* rule : {"within='8 h'\n", "within='8 h'\nwindow='3 h'\naggregate='maximum'\n", "within='8 h'\nwindow='3 h'\naggregate='mean'\n"})
    BOOST_TEST(level(std::string("threshold='10 m/s'\n") + rule, ended) == "Unknown", rule);
  // Nor what the wind of an hour in it was.
  for (const char* aggregate : {"maximum", "mean"})
    BOOST_TEST(level(std::string("threshold='10 m/s'\nwithin='8 h'\nwindow='1 h'\naggregate='") + aggregate + "'\n", calm_gap) == "Unknown", aggregate);
  BOOST_TEST(level("threshold='1 m/s'\nis='at most'\nwithin='8 h'\nwindow='2 h'\naggregate='minimum'\n", calm_gap) == "Unknown");
}

BOOST_AUTO_TEST_CASE(nearness_is_a_distance_for_every_unit_and_either_side) {
  const auto nearness = [&](const char* pack, const char* quantity, float value) {
    return RuleModel(shipped(pack)).evaluate(with({instants(quantity, steady(96, value), 72)}, 24)).rows.at(0).nearness;
  };
  // Frost: below 0, -3, -5 degC. What is a few degrees off is near, a summer's night is not.
  BOOST_TEST(nearness("cma_2007_frost", "surface_temperature", 274.15F) > 0.85F);
  BOOST_TEST(nearness("cma_2007_frost", "surface_temperature", 277.15F) < 0.7F);
  BOOST_TEST(nearness("cma_2007_frost", "surface_temperature", 293.15F) < 0);
  BOOST_TEST(nearness("cma_2007_frost", "surface_temperature", 271.15F) > 1);
  // Dust, by the view: below 1000 m.
  const auto dust = [&](float view) {
    const RulePack pack = rules("[[rule]]\nlevel='yellow'\nquantity='visibility_in_air'\nis='below'\nthreshold='1000 m'\nwithin='12 h'\n");
    return RuleModel(pack).evaluate(with({instants("visibility_in_air", steady(24, view))}, 24)).rows.at(0).nearness;
  };
  BOOST_TEST(dust(1200) > 0.7F);
  BOOST_TEST(dust(5000) < 0);
  BOOST_TEST(dust(500) > 1);
  BOOST_TEST(dust(kGap) < 0);  // nothing known is near nothing
}

BOOST_AUTO_TEST_CASE(a_region_can_have_its_own_threshold) {
  const RulePack pack = rules("[[rule]]\nlevel='red'\nquantity='wind_speed'\nthreshold='attribute gust_50yr'\nfactor=0.5\nwithin='6 h'\n");
  const auto level = [&](float own, const char* unit = "m s-1") {
    HazardInputs in = with({instants("wind_speed", steady(6, 12))}, 6);
    in.attributes = {{"gust_50yr", unit, {own}}};
    return level_of(pack, in);
  };
  BOOST_TEST(level(24) == "Red");
  BOOST_TEST(level(25) == "None");
  BOOST_TEST(level(kGap) == "Unknown");
  // In its own unit; in none at all it is the quantity's, and what cannot be compared is not known.
  BOOST_TEST(level(24 * 3.6F, "km/h") == "Red");
  BOOST_TEST(level(25 * 3.6F, "km/h") == "None");
  BOOST_TEST(level(24, "1") == "Red");
  BOOST_TEST(level(24, "mm") == "Unknown");
}

// Kleene (1952): at least k of three, each of them yes, no or unknown.
BOOST_AUTO_TEST_CASE(combinations_follow_kleene_in_every_case) {
  const char* names[] = {"wind_speed", "wind_speed_of_gust", "visibility_in_air"};
  for (int k = 1; k <= 3; ++k)
    for (const char* together : {"window", "time"}) {
      std::string text = "[[rule]]\nlevel='blue'\nwithin='1 h'\ncombine='at least " + std::to_string(k) + "'\ntogether='" + together + "'\n";
      for (const char* name : names)
        text += std::string("[[rule.condition]]\nquantity='") + name + "'\nthreshold='10 " + (name[0] == 'v' ? "m" : "m/s") + "'\n";
      const RulePack pack = rules(text);
      for (int code = 0; code < 27; ++code) {
        int yes = 0, unknown = 0, rest = code;
        std::vector<HazardSeries> series;
        for (const char* name : names) {
          const int a = rest % 3;
          rest /= 3;
          yes += a == 1 ? 1 : 0;
          unknown += a == 2 ? 1 : 0;
          series.push_back(instants(name, {a == 0 ? 5.0F : a == 1 ? 20.0F : kGap}));
        }
        const char* expected = yes >= k ? "Blue" : yes + unknown >= k ? "Unknown" : "None";
        BOOST_TEST(level_of(pack, with(std::move(series), 1)) == expected, k << " of three, case " << code << ", " << together);
      }
    }
}

BOOST_AUTO_TEST_CASE(a_required_condition_holds_its_own_beside_the_combination) {
  const RulePack typhoon = shipped("cma_2007_typhoon");
  const auto level = [&](float wind, float gust, float near) {
    return level_of(typhoon, with({instants("wind_speed", steady(24, wind)), instants("wind_speed_of_gust", steady(24, gust)),
                                   instants("tropical_cyclone_influence", steady(24, near))},
                                  24));
  };
  BOOST_TEST(level(12, 12, 1) == "Blue");
  BOOST_TEST(level(5, 18, 1) == "Blue");
  BOOST_TEST(level(12, 18, 0) == "None");
  BOOST_TEST(level(12, 18, kGap) == "Unknown");
  BOOST_TEST(level(5, 5, kGap) == "None");
}

BOOST_AUTO_TEST_CASE(the_figures_are_those_of_the_condition_that_binds) {
  const RulePack gale = shipped("cma_2007_gale");
  const HazardInputs in = with({instants("wind_speed", with_at(steady(24, 5), 20, 9)), instants("wind_speed_of_gust", with_at(steady(24, 6), 18, 14))}, 24);
  const RiskRow row = RuleModel(gale).evaluate(in).rows.at(0);
  BOOST_TEST(row.evidence.rule == "gale.blue.24h");
  BOOST_TEST(row.evidence.threshold == 13.9, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(row.evidence.forecast == 14);
  BOOST_TEST((row.evidence.window.end == kNow + std::chrono::hours(19)));
  BOOST_TEST((row.valid.end == kNow + std::chrono::hours(19)));
  for (const RuleTrail& t : RuleModel(gale).explain(in, 0)) {
    BOOST_TEST((t.answer == (t.level == Level::blue ? Answer::yes : Answer::no)), t.rule);
    if (t.level == Level::blue) BOOST_TEST(t.condition == "wind_speed_of_gust >= 13.9 m s-1");
  }
}

BOOST_AUTO_TEST_CASE(a_lone_long_step_is_a_gap_and_longer_steps_further_on_are_none) {
  const RulePack gale = rules("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='10 m/s'\nwithin='24 h'\n");
  HazardInputs in = with({instants("wind_speed", steady(24, 5))}, 24);
  auto& pieces = in.series[0].pieces;
  BOOST_TEST(level_of(gale, in) == "None");
  HazardInputs coarse = in;
  for (int h : {22, 21, 19, 18, 16, 15, 13, 12}) coarse.series[0].pieces.erase(coarse.series[0].pieces.begin() + h);  // hourly to 12 h, then 3 hours
  BOOST_TEST(level_of(gale, coarse) == "None");
  pieces.erase(pieces.begin() + 6, pieces.begin() + 8);
  BOOST_TEST(level_of(gale, in) == "Unknown");
}

namespace {
struct PlaceSum {
  int minute;  // of the window's end, after the issue time
  float value, observed = kGap, coverage = 1;
};
// Sums over a window place by place, of one region.
HazardSeries place_sums(Seconds window, const char* statistic, const std::vector<PlaceSum>& sums) {
  HazardSeries s{quantities::precipitation_amount(), statistic, TimeKind::instant, {}, {}, {}, window};
  for (const PlaceSum& v : sums) {
    const TimePoint t = kNow + Seconds(60 * v.minute);
    s.pieces.push_back({{t, t}, Origin::forecast, {v.value}, {v.coverage}, {}});
    if (v.observed == v.observed) s.pieces.back().observed = {v.observed};
  }
  return s;
}
std::string place_rule(const std::string& statistic, const std::string& threshold, int within = 3) {
  return "[[rule]]\nlevel='blue'\nstatistic='" + statistic + "'\nwindow='3 h'\nwithin='" + std::to_string(within) + " h'\nthreshold='" + threshold + "'\n";
}
const Seconds kThree{3 * 3600};
}  // namespace

BOOST_AUTO_TEST_CASE(a_sum_of_places_that_is_reached_counts_while_rain_is_to_come_anywhere_in_the_township) {
  const RulePack pack = rules(place_rule("max", "40 mm"));
  // 47 mm fell in one place; what is still to come falls in another, so that the largest sum does not grow.
  const auto level = [&](float soon, float later) {
    return level_of(
        pack, with({place_sums(kThree, "max", {{0, 47, 47}, {60, 47, 47}, {180, 20, 0}}), place_sums(kToCome, "max", {{0, 0}, {60, soon}, {180, later}})}, 3));
  };
  BOOST_TEST(level(0, 0) == "None");
  BOOST_TEST(level(5, 5) == "Blue");
  BOOST_TEST(level(0, 45) == "None");  // after the windows that have reached it
  const RulePack share = rules(place_rule("frac>=30", "10 %"));
  const auto share_level = [&](float soon) {
    return level_of(share, with({place_sums(kThree, "frac>=30", {{0, 0.2F, 0.2F}, {60, 0.2F, 0.2F}, {180, 0, 0}}),
                                 place_sums(kToCome, "max", {{0, 0}, {60, soon}, {180, soon}})},
                                3));
  };
  BOOST_TEST(share_level(0) == "None");
  BOOST_TEST(share_level(5) == "Blue");
  // Nothing tells whether it goes on: it may.
  BOOST_TEST(level_of(pack, with({place_sums(kThree, "max", {{0, 47, 47}, {60, 10, 10}, {180, 0}})}, 3)) == "Blue");
}

BOOST_AUTO_TEST_CASE(sums_of_places_are_looked_at_where_they_stand_and_time_after_them_is_unknown) {
  const RulePack pack = rules(place_rule("max", "40 mm", 2));
  // The end at three hours is none of this rule's, however long the step before it.
  BOOST_TEST(level_of(pack, with({place_sums(kThree, "max", {{0, 0, 0}, {60, 5, 0}, {120, 5, 0}, {180, 90, 0}}), place_sums(kToCome, "max", {{60, 5}})}, 9)) ==
             "None");
  // Where the rule's time ends between two of them, the sum may be that of either.
  BOOST_TEST(level_of(pack, with({place_sums(kThree, "max", {{0, 0, 0}, {90, 5, 0}, {150, 90, 0}})}, 9)) == "Unknown");
  BOOST_TEST(level_of(pack, with({place_sums(kThree, "max", {{0, 0, 0}, {90, 5, 0}, {150, 6, 0}})}, 9)) == "None");
  BOOST_TEST(level_of(pack, with({place_sums(kThree, "max", {{0, 0, 0}, {90, 50, 0}, {150, 90, 0}})}, 9)) == "Blue");
  BOOST_TEST(level_of(pack, with({place_sums(kThree, "max", {{0, 0, 0}, {60, 5, 0}})}, 9)) == "Unknown");
  BOOST_TEST(level_of(pack, with({}, 9)) == "Unknown");
}

BOOST_AUTO_TEST_CASE(a_sum_of_places_that_is_known_in_part_is_no_no_and_a_yes_only_where_it_is_sure) {
  const auto level = [&](const char* statistic, const std::string& threshold, float value, float known) {
    const RulePack pack = rules(place_rule(statistic, threshold));
    std::vector<PlaceSum> sums;
    for (const int m : {0, 60, 120, 180}) sums.push_back({m, value, kGap, known});
    return level_of(pack, with({place_sums(kThree, statistic, sums)}, 3));
  };
  BOOST_TEST(level("max", "40 mm", 50, 0.1F) == "Blue");  // so much fell somewhere
  BOOST_TEST(level("max", "40 mm", 10, 0.1F) == "Unknown");
  BOOST_TEST(level("max", "40 mm", 10, 0.9F) == "None");
  BOOST_TEST(level("frac>=30", "50 %", 1, 0.15F) == "Unknown");  // of what is known all, which is little
  BOOST_TEST(level("frac>=30", "10 %", 1, 0.15F) == "Blue");
  BOOST_TEST(level("p90", "40 mm", 90, 0.15F) == "Unknown");
  BOOST_TEST(level("min", "40 mm", 90, 0.15F) == "Unknown");
  BOOST_TEST(level("p90", "40 mm", 90, 0.9F) == "Blue");
}

BOOST_AUTO_TEST_CASE(beside_a_sum_of_places_at_one_time_others_keep_all_of_their_moments) {
  const auto level = [&](const std::string& persistence, int step_min, const Values& wind, int past) {
    const RulePack pack = rules(
        "[[rule]]\nlevel='blue'\nwithin='3 h'\ntogether='time'\n[[rule.condition]]\nstatistic='max'\nwindow='3 h'\nthreshold='40 mm'\n"
        "[[rule.condition]]\nquantity='wind_speed'\nthreshold='10 m/s'\n" +
        persistence);
    HazardSeries w{*find_quantity("wind_speed"), "mean", TimeKind::instant, {}, {}, {}};
    for (std::size_t k = 0; k < wind.size(); ++k) {
      const TimePoint t = kNow + Seconds(60 * step_min * (static_cast<int>(k) + 1 - past));
      w.pieces.push_back({{t, t}, t <= kNow ? Origin::observed : Origin::forecast, {wind[k]}, {1.0F}, {}});
    }
    return level_of(pack,
                    with({place_sums(kThree, "max", {{0, 50, 0}, {60, 50, 0}, {120, 50, 0}, {180, 50, 0}}), place_sums(kToCome, "max", {{60, 5}}), w}, 3));
  };
  BOOST_TEST(level("lasting='6 h'\n", 60, steady(12, 12), 9) == "Blue");
  Values until_one = steady(10, 12);
  until_one.insert(until_one.end(), {5, 5});
  BOOST_TEST(level("lasting='6 h'\n", 60, until_one, 9) == "Blue");
  BOOST_TEST(level("once_in='3 h'\n", 60, steady(12, 5), 9) == "None");
  Values quarter = steady(24, 5);
  quarter[13] = 12;  // half an hour after the issue time, between two ends of windows
  BOOST_TEST(level("", 15, quarter, 12) == "Blue");
  quarter[13] = kGap;
  BOOST_TEST(level("", 15, quarter, 12) == "Unknown");
  Values broken = steady(24, 12);
  for (const std::size_t k : {5U, 9U, 13U, 17U, 21U}) broken[k] = 5;
  BOOST_TEST(level("lasting='2 h'\n", 15, broken, 12) == "None");
}

BOOST_AUTO_TEST_CASE(a_rule_sees_all_of_a_series_whatever_other_rules_ask_of_what_is_to_come) {
  // The first rule asks whether rain goes on within an hour; the second one looks at sums of an hour for a day.
  const RulePack pack = rules(
      "continuing_within='1 h'\n[[rule]]\nlevel='red'\nstatistic='frac>=500'\nwindow='24 h'\nthreshold='50 %'\n"
      "[[rule]]\nlevel='blue'\nstatistic='max'\nwindow='1 h'\nwithin='12 h'\nthreshold='40 mm'\n");
  std::vector<PlaceSum> hourly, shares, to_come;
  for (int h = 0; h <= 24; ++h) {
    hourly.push_back({60 * h, h == 7 ? 60.0F : 0.0F});
    shares.push_back({60 * h, 0});
    to_come.push_back({60 * h, h >= 7 ? 60.0F : 0.0F});
  }
  const Seconds hour{3600};
  BOOST_TEST(level_of(pack, with({place_sums(24 * hour, "frac>=500", shares), place_sums(hour, "max", hourly), place_sums(kToCome, "max", to_come)}, 24)) ==
             "Blue");
}

BOOST_AUTO_TEST_SUITE_END()
