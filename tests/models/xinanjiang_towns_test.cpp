// The model flash_flood with runoff by Xinanjiang columns. What holds for every way of a model is in every_model_test.cpp.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "engine/hydrology/flash_flood_guidance.h"
#include "engine/hydrology/potential_evaporation.h"
#include "engine/hydrology/xinanjiang.h"
#include "hpc/parallel/parallel_for.h"
#include "models/models.h"
#include "models/rule_model.h"
#include "tests/models/water_models_case.h"

namespace guyu {
namespace {

using test::coverage_at;
using test::HourlyRain;
using test::value_at;

ModelParams column_params(double evaporation_mm_day = 2) {
  ModelParams params = default_params(flash_flood_model());
  params.words["runoff"] = "xinanjiang";
  params.numbers["evaporation_rate"] = evaporation_mm_day;
  return params;
}
void give_columns(HourlyRain& c) {
  std::vector<float> upper, curve, one, three, six;
  for (std::size_t r = 0; r < c.regions; ++r) {
    const auto n = static_cast<float>(r % 7), t = static_cast<float>(r % 3);
    upper.push_back(15 + 3 * n), curve.push_back(0.2F + 0.1F * t);
    one.push_back(10 + t), three.push_back(18 + t), six.push_back(25 + t);
  }
  c.attribute("xinanjiang_upper_mm", upper, "mm"), c.attribute("xinanjiang_curve", curve);
  c.attribute("threshold_runoff_1h", one, "mm"), c.attribute("threshold_runoff_3h", three, "mm"), c.attribute("threshold_runoff_6h", six, "mm");
}
SeriesModel::Result shed(const HourlyRain& c, const ModelState& before = {}, const ModelParams& params = column_params()) {
  return flash_flood_model().compute(c.inputs, params, before);
}
// Each township and member has showers of its own; those of the past are the same in all members.
double column_showers(int hour, std::size_t member, std::size_t region) {
  std::mt19937 random(static_cast<unsigned>(hour + 100) * 977 + static_cast<unsigned>(hour < 0 ? 0 : member) * 131 + static_cast<unsigned>(region));
  return random() % 3 == 0 ? static_cast<double>(random() % 300) / 10 : 0;
}
std::string notes_of(const SeriesModel::Result& r) {
  std::string out;
  for (const std::string& n : r.notes) out += n + "\n";
  return out;
}
// A state as the model leaves it after a dry day, to be changed by the tests.
ModelState some_state(const HourlyRain& like, TimePoint issue) {
  HourlyRain c(like.regions);
  c.inputs.attributes = like.inputs.attributes;
  c.issue = issue, c.inputs.issue = issue, c.inputs.series[0].observed_to = issue;
  c.fill(-24, 0, [](int, std::size_t, std::size_t) { return 0.0; });
  return shed(c).state;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xinanjiang_towns)

BOOST_AUTO_TEST_CASE(the_ratio_is_rain_over_the_rain_that_brings_the_column_to_the_threshold) {
  HourlyRain c;
  c.attribute("threshold_runoff_3h", {18}, "mm");
  ModelState before = some_state(c, c.issue - std::chrono::hours(18));
  BOOST_TEST((before.at == c.issue - std::chrono::hours(24)));
  const XinanjiangParameters p;  // the built-in ones
  for (const double wetness : {0.5, 0.8}) {
    XinanjiangState s = xinanjiang_state(p, wetness);
    before.values.at("upper_tension_water")[0] = static_cast<float>(s.upper), before.values.at("lower_tension_water")[0] = static_cast<float>(s.lower);
    before.values.at("deep_tension_water")[0] = static_cast<float>(s.deep), before.values.at("free_water")[0] = 4;
    s.free = 4;
    for (int h = -24; h < 1; ++h) xinanjiang_step(p, s, 0, 2.0 / 24, 1);
    const auto leaves = [&](double rain) {
      XinanjiangState run = s;
      double sum = 0;
      for (int t = 0; t < 12; ++t) sum += xinanjiang_step(p, run, rain / 12, 0, 0.25).runoff();
      return sum;
    };
    const double critical = critical_rain_mm(leaves, 18, 1000, 0.01);
    for (const double times : {0.6, 1.0, 1.5}) {
      // Even rain of three hours from the second hour on.
      c.fill(-24, 6, [&](int h, std::size_t, std::size_t) { return h >= 1 && h < 4 ? times * critical / 3 : 0.0; });
      const double ratio = static_cast<double>(value_at(shed(c, before), c.issue, 4, 0, 0));
      BOOST_TEST(std::abs(ratio / times - 1) < (times == 1 ? 0.015 : 0.05), "critical " << critical << ", ratio " << ratio << " at " << times);
    }
  }
}

BOOST_AUTO_TEST_CASE(twice_the_rain_lowers_no_ratio_and_no_level) {
  HourlyRain c(40, 3), d(40, 3);
  give_columns(c), give_columns(d);
  c.fill(-24, 12, column_showers);
  d.fill(-24, 12, [](int h, std::size_t m, std::size_t r) { return 2 * column_showers(h, m, r); });
  const SeriesModel::Result once = shed(c), twice = shed(d);
  float most = 0;
  for (int h = -5; h <= 12; ++h)
    for (std::size_t m = 0; m < 3; ++m)
      for (std::size_t r = 0; r < 40; ++r) {
        BOOST_TEST(value_at(twice, c.issue, h, m, r) >= value_at(once, c.issue, h, m, r));
        most = std::max(most, value_at(once, c.issue, h, m, r));
      }
  BOOST_TEST(most > 1);
  const RuleModel pack(load_rule_pack("configs/rules/flash_flood.toml"));
  const auto rows = [&](HourlyRain& of, const SeriesModel::Result& made) {
    of.inputs.series.push_back(made.series);
    return pack.evaluate(of.inputs).rows;
  };
  const auto low = rows(c, once), high = rows(d, twice);
  for (std::size_t r = 0; r < low.size(); ++r) BOOST_TEST((high[r].level >= low[r].level));
}

BOOST_AUTO_TEST_CASE(permuted_townships_give_the_permuted_answer_for_any_number_of_threads) {
  const std::size_t n = 300;
  HourlyRain c(n, 2), back(n, 2);
  give_columns(c);
  for (const RegionAttribute& a : c.inputs.attributes) back.attribute(a.name, {a.values.rbegin(), a.values.rend()}, a.unit);
  c.fill(-24, 12, column_showers);
  back.fill(-24, 12, [&](int h, std::size_t m, std::size_t r) { return column_showers(h, m, n - 1 - r); });
  set_num_threads(1);
  const SeriesModel::Result there = shed(c);
  set_num_threads(3);
  const SeriesModel::Result other = shed(back);
  set_num_threads(0);
  for (int h = -5; h <= 12; ++h)
    for (std::size_t r = 0; r < n; ++r) BOOST_TEST(value_at(there, c.issue, h, 1, r) == value_at(other, c.issue, h, 1, n - 1 - r));
  for (const auto& [name, values] : there.state.values)
    for (std::size_t r = 0; r < n; ++r) BOOST_TEST(values[r] == other.state.values.at(name)[n - 1 - r], name);
}

BOOST_AUTO_TEST_CASE(futures_begin_with_the_same_water_and_leave_nothing_in_the_state) {
  HourlyRain c(10, 3), calm(10, 3);
  give_columns(c), give_columns(calm);
  c.fill(-24, 12, column_showers);
  calm.fill(-24, 12, [](int h, std::size_t m, std::size_t r) { return h < 0 ? column_showers(h, m, r) : 0.0; });
  const SeriesModel::Result together = shed(c);
  BOOST_TEST((together.state.values == shed(calm).state.values));
  for (std::size_t m = 0; m < 3; ++m) {
    HourlyRain alone(10);
    give_columns(alone);
    alone.fill(-24, 12, [&](int h, std::size_t, std::size_t r) { return column_showers(h, m, r); });
    const SeriesModel::Result by_itself = shed(alone);
    for (int h = -5; h <= 12; ++h)
      for (std::size_t r = 0; r < 10; ++r) BOOST_TEST(value_at(together, c.issue, h, m, r) == value_at(by_itself, c.issue, h, 0, r));
  }
}

BOOST_AUTO_TEST_CASE(two_short_cycles_leave_the_state_of_one_long_one) {
  // Observed rain of 48 hours from one remembered state: in one run, and in eight of six hours each.
  HourlyRain all(6);
  give_columns(all);
  const ModelState start = some_state(all, all.issue - std::chrono::hours(42));
  const auto fell = [&](TimePoint issue) {
    return [&all, issue](int h, std::size_t m, std::size_t r) { return column_showers(h + static_cast<int>((issue - all.issue).count() / 3600), m, r); };
  };
  all.fill(-48, 0, fell(all.issue));
  const SeriesModel::Result one = shed(all, start);
  ModelState state = start;
  SeriesModel::Result last;
  for (int h = -42; h <= 0; h += 6) {
    HourlyRain part(6);
    part.inputs.attributes = all.inputs.attributes;
    part.issue = all.issue + std::chrono::hours(h);
    part.inputs.issue = part.issue, part.inputs.series[0].observed_to = part.issue;
    part.fill(-24, 0, fell(part.issue));
    last = shed(part, state);
    state = last.state;
    BOOST_TEST(notes_of(last).find("anew") == std::string::npos, notes_of(last));
  }
  BOOST_TEST((state.at == one.state.at));
  for (const auto& [name, values] : one.state.values)
    for (std::size_t r = 0; r < 6; ++r) BOOST_TEST(std::abs(state.values.at(name)[r] - values[r]) < 1e-3, name << " of " << r);
  for (std::size_t r = 0; r < 6; ++r) BOOST_TEST(std::abs(value_at(one, all.issue, 0, 0, r) - value_at(last, all.issue, 0, 0, r)) < 1e-3);
}

BOOST_AUTO_TEST_CASE(a_state_that_does_not_fit_is_not_used_and_the_model_says_so) {
  HourlyRain c(2);
  give_columns(c);
  c.fill(-24, 0, [](int h, std::size_t, std::size_t) { return h == -3 ? 30.0 : 0.0; });
  const ModelState good = some_state(c, c.issue - std::chrono::hours(18));
  const SeriesModel::Result anew = shed(c), on = shed(c, good);
  BOOST_TEST(notes_of(on).find("anew") == std::string::npos, notes_of(on));
  const auto begins_anew = [&](const ModelState& before, const char* why) {
    const SeriesModel::Result r = shed(c, before);
    BOOST_TEST(notes_of(r).find(why) != std::string::npos, notes_of(r));
    BOOST_TEST((r.state.values == anew.state.values));
  };
  begins_anew({good.at, {{"soil_water", {5, 5}}}}, "is that of another way of runoff: it begins anew");
  ModelState state = good;
  state.at = c.issue - std::chrono::hours(24 * 11);
  begins_anew(state, "is too old");
  state.at = c.issue - std::chrono::hours(2);
  begins_anew(state, "later time");
  state = good;
  state.values.erase("free_water");
  begins_anew(state, "another way of runoff");
  // The curve number does not take the columns' water either.
  HourlyRain cn(2);
  cn.attribute("curve_number", {75, 75}), cn.attribute("threshold_runoff_1h", {12, 12}, "mm");
  cn.fill(-24, 0, [](int, std::size_t, std::size_t) { return 0.0; });
  const SeriesModel::Result other = shed(cn, good, default_params(flash_flood_model()));
  BOOST_TEST(notes_of(other).find("another way of runoff") != std::string::npos);
  BOOST_TEST(other.state.values.size() == 1U);
  // Other parameters of one township: it alone begins anew.
  HourlyRain changed = c;
  changed.inputs.attributes[0].values[1] += 1;
  const SeriesModel::Result r = shed(changed, good), changed_anew = shed(changed);
  BOOST_TEST(notes_of(r).find("the soil water of 1 regions is that of other parameters") != std::string::npos, notes_of(r));
  BOOST_TEST(r.state.values.at("lower_tension_water")[0] == on.state.values.at("lower_tension_water")[0]);
  BOOST_TEST(r.state.values.at("lower_tension_water")[1] == changed_anew.state.values.at("lower_tension_water")[1]);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_unknown_and_never_a_no) {
  const RuleModel pack(load_rule_pack("configs/rules/flash_flood.toml"));
  const auto level = [&](const HourlyRain& c, std::size_t region) {
    HazardInputs in = c.inputs;
    in.series.push_back(shed(c).series);
    return pack.evaluate(in).rows[region].level;
  };
  const auto nothing = [](int, std::size_t, std::size_t) { return std::nan(""); };
  const auto dry = [](int, std::size_t, std::size_t) { return 0.0; };
  HourlyRain c(3);
  c.attribute("xinanjiang_upper_mm", {20, std::nanf(""), 900}, "mm");
  c.attribute("threshold_runoff_1h", {12, 12, 12}, "mm"), c.attribute("threshold_runoff_6h", {30, 30, 30}, "mm");
  c.fill(-24, 12, nothing);
  BOOST_TEST((level(c, 0) == Level::unknown));
  c.fill(-24, 12, dry);
  BOOST_TEST((level(c, 0) == Level::none));
  BOOST_TEST((level(c, 1) == Level::unknown));  // parameters not known
  BOOST_TEST((level(c, 2) == Level::unknown));  // or out of bounds
  BOOST_TEST(notes_of(shed(c)).find("2 regions have no Xinanjiang parameters within their bounds") != std::string::npos);
  BOOST_TEST(notes_of(shed(c)).find("NOT CALIBRATED") != std::string::npos);
  const auto gap = [](int h) { return h >= -4 && h < 0; };
  c.fill(-24, 12, [&](int h, std::size_t, std::size_t) { return gap(h) ? std::nan("") : 0.0; });
  BOOST_TEST((level(c, 0) == Level::unknown));
  c.fill(-24, 12, [&](int h, std::size_t, std::size_t) { return gap(h) ? std::nan("") : h == 0 ? 90.0 : 0.0; });
  BOOST_TEST((level(c, 0) >= Level::orange));
  HourlyRain no_threshold(1);
  no_threshold.fill(-24, 12, dry);
  BOOST_TEST((level(no_threshold, 0) == Level::unknown));
}

BOOST_AUTO_TEST_CASE(unknown_hours_make_the_ground_no_drier) {
  HourlyRain c;
  c.attribute("threshold_runoff_1h", {12}, "mm");
  ModelState before = some_state(c, c.issue - std::chrono::hours(18));
  for (const char* name : {"upper_tension_water", "lower_tension_water", "deep_tension_water"}) before.values.at(name)[0] = 5;
  const auto tension = [](const SeriesModel::Result& r) {
    return r.state.values.at("upper_tension_water")[0] + r.state.values.at("lower_tension_water")[0] + r.state.values.at("deep_tension_water")[0];
  };
  c.fill(-24, 2, [](int, std::size_t, std::size_t) { return 0.0; });
  const float dried = tension(shed(c, before));
  c.fill(-24, 2, [](int h, std::size_t, std::size_t) { return h < -12 ? std::nan("") : 0.0; });
  const float unknown = tension(shed(c, before));
  BOOST_TEST(dried < 15);
  BOOST_TEST(unknown > 15);
  // Half of the township seen, half of the way.
  c.fill(-24, 2, [](int, std::size_t, std::size_t) { return 0.0; });
  for (SeriesPiece& p : c.inputs.series[0].pieces)
    if (p.interval.end <= c.issue - std::chrono::hours(12)) p.coverage[0] = 0.5F;
  const float half = tension(shed(c, before));
  BOOST_TEST((half > dried && half < unknown));
}

BOOST_AUTO_TEST_CASE(a_lost_member_is_missing_in_itself_alone) {
  HourlyRain c(1, 3);
  give_columns(c);
  c.fill(-24, 6, [](int h, std::size_t m, std::size_t) { return h == 2 ? (m == 1 ? std::nan("") : 60.0) : 0.0; });
  const SeriesModel::Result r = shed(c);
  BOOST_TEST(value_at(r, c.issue, 3, 0, 0) > 1);
  BOOST_TEST(std::isnan(value_at(r, c.issue, 3, 1, 0)));
  BOOST_TEST(value_at(r, c.issue, 2, 1, 0) == 0);
}

BOOST_AUTO_TEST_CASE(evaporation_comes_by_rate_series_or_temperature) {
  HourlyRain c;
  c.attribute("threshold_runoff_1h", {12}, "mm"), c.attribute("latitude", {30}, "degree");
  c.fill(-24, 0, [](int, std::size_t, std::size_t) { return 0.0; });
  const ModelState before = some_state(c, c.issue - std::chrono::hours(18));
  const auto upper = [&](const ModelParams& params) {
    const SeriesModel::Result r = shed(c, before, params);
    return std::pair{static_cast<double>(before.values.at("upper_tension_water")[0] - r.state.values.at("upper_tension_water")[0]), notes_of(r)};
  };
  // 18 hours from the remembered state to the next.
  BOOST_TEST(std::abs(upper(column_params(4)).first - 3) < 1e-4);
  BOOST_TEST(upper(column_params(0)).first == 0);
  ModelParams params = column_params();
  params.words["evaporation"] = "series";
  BOOST_TEST(upper(params).first == 0);
  BOOST_TEST(upper(params).second.find("100.0 % of the potential evaporation are not known") != std::string::npos);
  HazardSeries given{*find_quantity("water_potential_evaporation_amount"), "mean", TimeKind::accumulation, {}, {}, {}};
  given.pieces.push_back({{c.issue - std::chrono::hours(24), c.issue - std::chrono::hours(12)}, Origin::forecast, {6}, {1}, {}});
  given.pieces.push_back({{c.issue - std::chrono::hours(12), c.issue}, Origin::forecast, {std::nanf("")}, {0}, {}});
  c.inputs.series.push_back(given);
  BOOST_TEST(std::abs(upper(params).first - 6) < 1e-4);  // what is missing counts as none
  BOOST_TEST(upper(params).second.find("50.0 %") != std::string::npos, upper(params).second);
  params.words["evaporation"] = "temperature";
  HazardSeries air{*find_quantity("air_temperature"), "mean", TimeKind::instant, {}, {}, {}};
  for (int h = -24; h <= 0; h += 3)
    air.pieces.push_back({{c.issue + std::chrono::hours(h), c.issue + std::chrono::hours(h)}, Origin::forecast, {298.15F}, {1}, {}});
  c.inputs.series.push_back(air);
  // 30 June and, after 16 UTC, 1 July in UTC+8: days 182 and 183 of a leap year.
  const double day = oudin_evaporation_mm(25, 30, 182), next = oudin_evaporation_mm(25, 30, 183);
  BOOST_TEST(std::abs(upper(params).first - (16 * day + 2 * next) / 24) < 1e-3);
  BOOST_TEST(upper(params).second.find("evaporation") == std::string::npos, upper(params).second);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
