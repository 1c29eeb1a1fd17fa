#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "engine/hydrology/soil_store.h"
#include "hpc/parallel/parallel_for.h"
#include "models/models.h"
#include "models/rule_model.h"
#include "tests/models/water_models_case.h"

namespace guyu {
namespace {

using test::coverage_at;
using test::HourlyRain;
using test::value_at;

void give_ground(HourlyRain& c) {
  std::vector<float> cn, one, three, six;
  for (std::size_t r = 0; r < c.regions; ++r) {
    cn.push_back(60 + 5 * static_cast<float>(r % 7));
    one.push_back(10 + static_cast<float>(r % 3)), three.push_back(18 + static_cast<float>(r % 3)), six.push_back(25 + static_cast<float>(r % 3));
  }
  c.attribute("curve_number", cn), c.attribute("threshold_runoff_1h", one, "mm"), c.attribute("threshold_runoff_3h", three, "mm");
  c.attribute("threshold_runoff_6h", six, "mm");
}

SeriesModel::Result computed(const HourlyRain& c, const ModelState& before = {}) {
  return flash_flood_model().compute(c.inputs, default_params(flash_flood_model()), before);
}

// Each township and member has showers of its own.
double showers(int hour, std::size_t member, std::size_t region) {
  std::mt19937 random(static_cast<unsigned>(hour + 100) * 977 + static_cast<unsigned>(hour < 0 ? 0 : member) * 131 + static_cast<unsigned>(region));
  return random() % 3 == 0 ? static_cast<double>(random() % 300) / 10 : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flash_flood_suite)

BOOST_AUTO_TEST_CASE(the_ratio_is_rain_over_the_rain_that_is_critical_on_the_soil_before_it) {
  HourlyRain c;
  c.attribute("curve_number", {75}), c.attribute("threshold_runoff_1h", {12}, "mm"), c.attribute("threshold_runoff_3h", {20}, "mm");
  c.fill(-24, 6, [](int h, std::size_t, std::size_t) { return h == 2 ? 40.0 : h == 3 ? 10.0 : 0.0; });
  const SoilStore store = soil_store(75);
  // So much is remembered at the end of the hour 25 hours ago that 2/3 of the dry level is left when the first rain falls.
  const double left = 2.0 / 3 * store.dry_level, remembered = left / std::pow(0.9, 26.0 / 24);
  const SeriesModel::Result r = computed(c, {c.issue - std::chrono::hours(24), {{"soil_water", {static_cast<float>(remembered)}}}});
  const double one_hour = 40 / soil_store_critical_rain(store, left, 12);
  BOOST_TEST(std::abs(static_cast<double>(value_at(r, c.issue, 3, 0, 0)) - one_hour) < 1e-4);
  // By hand: S = 25400/75 - 254 = 84.67; CN I = 4.2 x 75 / (10 - 0.058 x 75) = 55.75, so that Sa = 0.2 x 201.6 = 40.32 and a third of it, 13.44, is lost first;
  // then x^2 / (x + 84.67) = 12 at x = (12 + sqrt(12 (12 + 4 x 84.67))) / 2 = 38.43: 51.9 mm are critical, 40 mm are 0.771 of it.
  BOOST_TEST(std::abs(one_hour - 0.771) < 0.001);
  const double three = 50 / soil_store_critical_rain(store, remembered * std::pow(0.9, 25.0 / 24), 20);
  BOOST_TEST(std::abs(static_cast<double>(value_at(r, c.issue, 4, 0, 0)) - three) < 1e-3);
  BOOST_TEST(value_at(r, c.issue, 1, 0, 0) == 0);
  BOOST_TEST(coverage_at(r, c.issue, 3, 0) == 1);
  BOOST_TEST((r.state.at == c.issue - std::chrono::hours(6)));
}

BOOST_AUTO_TEST_CASE(threshold_runoff_counts_in_whatever_unit_it_comes) {
  const auto ratio = [](float runoff, const char* unit) {
    HourlyRain c;
    c.attribute("curve_number", {75}), c.attribute("threshold_runoff_1h", {runoff}, unit);
    c.fill(-24, 6, [](int h, std::size_t, std::size_t) { return h == 2 ? 40.0 : 0.0; });
    return value_at(computed(c), c.issue, 3, 0, 0);
  };
  BOOST_TEST(ratio(12, "mm") > 0.5F);
  BOOST_TEST(std::abs(ratio(1.2F, "cm") - ratio(12, "mm")) < 1e-5F);
  BOOST_TEST(std::isnan(ratio(12, "K")));
}

BOOST_AUTO_TEST_CASE(twice_the_rain_lowers_no_ratio) {
  HourlyRain c(20, 3), d(20, 3);
  give_ground(c), give_ground(d);
  c.fill(-24, 12, showers);
  d.fill(-24, 12, [](int h, std::size_t m, std::size_t r) { return 2 * showers(h, m, r); });
  const SeriesModel::Result once = computed(c), twice = computed(d);
  float most = 0;
  for (int h = -5; h <= 12; ++h)
    for (std::size_t m = 0; m < 3; ++m)
      for (std::size_t r = 0; r < 20; ++r) {
        BOOST_TEST(value_at(twice, c.issue, h, m, r) >= value_at(once, c.issue, h, m, r));
        most = std::max(most, value_at(once, c.issue, h, m, r));
      }
  BOOST_TEST(most > 1);
}

BOOST_AUTO_TEST_CASE(permuted_townships_give_the_permuted_answer_for_any_number_of_threads) {
  const std::size_t n = 300;
  HourlyRain c(n, 2), back(n, 2);
  give_ground(c);
  for (const RegionAttribute& a : c.inputs.attributes) back.attribute(a.name, {a.values.rbegin(), a.values.rend()}, a.unit);
  c.fill(-24, 12, showers);
  back.fill(-24, 12, [&](int h, std::size_t m, std::size_t r) { return showers(h, m, n - 1 - r); });
  set_num_threads(1);
  const SeriesModel::Result there = computed(c);
  set_num_threads(3);
  const SeriesModel::Result other = computed(back);
  set_num_threads(0);
  for (int h = -5; h <= 12; ++h)
    for (std::size_t r = 0; r < n; ++r) BOOST_TEST(value_at(there, c.issue, h, 1, r) == value_at(other, c.issue, h, 1, n - 1 - r));
  for (std::size_t r = 0; r < n; ++r) BOOST_TEST(there.state.values.at("soil_water")[r] == other.state.values.at("soil_water")[n - 1 - r]);
}

BOOST_AUTO_TEST_CASE(a_run_that_remembers_goes_on_as_one_that_saw_all) {
  HourlyRain early(5), late(5);
  give_ground(early), give_ground(late);
  late.issue = early.issue + std::chrono::hours(1);
  late.inputs.issue = late.issue, late.inputs.series[0].observed_to = late.issue;
  const auto from_early = [](int h, std::size_t m, std::size_t r) { return h < 1 ? showers(h, m, r) : 0.0; };
  early.fill(-24, 0, showers);
  const SeriesModel::Result first = computed(early);
  late.fill(-25, 0, [&](int h, std::size_t m, std::size_t r) { return from_early(h + 1, m, r); });
  const SeriesModel::Result all = computed(late, {early.issue - std::chrono::hours(24), {{"soil_water", std::vector<float>(5, std::nanf(""))}}});
  late.fill(-12, 0, [&](int h, std::size_t m, std::size_t r) { return from_early(h + 1, m, r); });  // less history is enough
  const SeriesModel::Result on = computed(late, first.state);
  for (std::size_t r = 0; r < 5; ++r) {
    BOOST_TEST(std::abs(value_at(on, late.issue, 0, 0, r) - value_at(all, late.issue, 0, 0, r)) < 1e-4);
    BOOST_TEST(std::abs(on.state.values.at("soil_water")[r] - all.state.values.at("soil_water")[r]) < 1e-3);
  }
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_unknown_and_never_a_no) {
  const RuleModel pack(load_rule_pack("configs/rules/flash_flood.toml"));
  const auto level = [&](const HourlyRain& c, std::size_t region) {
    HazardInputs in = c.inputs;
    in.series.push_back(computed(c).series);
    return pack.evaluate(in).rows[region].level;
  };
  const auto nothing = [](int, std::size_t, std::size_t) { return std::nan(""); };
  const auto dry = [](int, std::size_t, std::size_t) { return 0.0; };
  HourlyRain c(2);
  c.attribute("curve_number", {75, std::nanf("")}), c.attribute("threshold_runoff_1h", {12, 12}, "mm"), c.attribute("threshold_runoff_6h", {30, 30}, "mm");
  c.fill(-24, 12, nothing);
  BOOST_TEST((level(c, 0) == Level::unknown));
  c.fill(-24, 12, dry);
  BOOST_TEST((level(c, 0) == Level::none));
  BOOST_TEST((level(c, 1) == Level::unknown));  // ground not known
  // Hours missing: a flood by what is known is one, none is not known.
  const auto gap = [](int h) { return h >= -4 && h < 0; };
  c.fill(-24, 12, [&](int h, std::size_t, std::size_t) { return gap(h) ? std::nan("") : 0.0; });
  BOOST_TEST((level(c, 0) == Level::unknown));
  c.fill(-24, 12, [&](int h, std::size_t, std::size_t) { return gap(h) ? std::nan("") : h == 0 ? 90.0 : 0.0; });
  BOOST_TEST((level(c, 0) >= Level::orange));
  HourlyRain no_rain;
  no_rain.inputs.series.clear();
  BOOST_TEST(computed(no_rain).series.pieces.empty());
}

BOOST_AUTO_TEST_CASE(unknown_hours_make_the_soil_no_drier) {
  HourlyRain c;
  c.attribute("curve_number", {75}), c.attribute("threshold_runoff_1h", {12}, "mm");
  const ModelState before{c.issue - std::chrono::hours(24), {{"soil_water", {5.0F}}}};
  c.fill(-24, 2, [](int, std::size_t, std::size_t) { return 0.0; });
  const float dried = computed(c, before).state.values.at("soil_water")[0];
  c.fill(-24, 2, [](int h, std::size_t, std::size_t) { return h < -12 ? std::nan("") : 0.0; });
  const float unknown = computed(c, before).state.values.at("soil_water")[0];
  BOOST_TEST(dried < 5);
  BOOST_TEST(unknown > dried);
}

BOOST_AUTO_TEST_CASE(a_lost_member_is_missing_in_itself_alone) {
  HourlyRain c(1, 3);
  give_ground(c);
  c.fill(-24, 6, [](int h, std::size_t m, std::size_t) { return h == 2 ? (m == 1 ? std::nan("") : 60.0) : 0.0; });
  const SeriesModel::Result r = computed(c);
  BOOST_TEST(value_at(r, c.issue, 3, 0, 0) > 1);
  BOOST_TEST(std::isnan(value_at(r, c.issue, 3, 1, 0)));
  BOOST_TEST(value_at(r, c.issue, 2, 1, 0) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
