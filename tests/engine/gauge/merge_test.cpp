#include "engine/gauge/merge.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/gauge/gauge_case.h"

using namespace guyu;
using test::gauge_in;
using test::hills;
using test::radar_field;
namespace tt = boost::test_tools;
namespace {
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

MergeSettings with(MergeMethod method, Variogram v = {30, 0}) {
  MergeSettings s;
  s.method = method;
  s.variogram = v;
  s.bias.shrink = false;
  return s;
}

// n gauges in the middle of cells that show the radar times factor and a little of their own.
std::vector<GaugeAmount> gauges_of(const Field& radar, std::size_t n, double factor, double own = 0) {
  std::vector<GaugeAmount> g;
  for (std::size_t k = 0; k < n; ++k) {
    const auto j = static_cast<std::int64_t>(test::scatter(3 * k) * static_cast<double>(radar.grid().ny()));
    const auto i = static_cast<std::int64_t>(test::scatter(3 * k + 1) * static_cast<double>(radar.grid().nx()));
    g.push_back(gauge_in(radar, j, i, factor * double{radar.view()(j, i)} + own * test::scatter(3 * k + 2)));
  }
  return g;
}

constexpr MergeMethod kAdjusting[] = {MergeMethod::mean_field_bias, MergeMethod::conditional, MergeMethod::external_drift};
}  // namespace
BOOST_AUTO_TEST_SUITE(merge)

BOOST_AUTO_TEST_CASE(a_radar_that_shows_a_constant_share_is_made_whole_by_every_method) {
  const Field radar = radar_field(40, 50, hills);
  for (const MergeMethod method : kAdjusting) {
    const MergedRain merged = merge_rain(radar, gauges_of(radar, 12, 1.7), with(method));
    BOOST_TEST((merged.plan.method == method));
    BOOST_TEST(merged.plan.reason.empty());
    for (std::int64_t k = 0; k < radar.grid().size(); k += 37) {
      const auto c = static_cast<std::size_t>(k);
      BOOST_TEST(merged.field.values()[c] == 1.7F * radar.values()[c], tt::tolerance(1e-4F));
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_nugget_the_field_meets_every_gauge) {
  const Field radar = radar_field(40, 50, hills);
  const std::vector<GaugeAmount> gauges = gauges_of(radar, 15, 1.3, 3);
  for (const MergeMethod method : {MergeMethod::conditional, MergeMethod::external_drift}) {
    const MergedRain merged = merge_rain(radar, gauges, with(method));
    for (const GaugeAmount& g : gauges) {
      const auto i = std::lround(radar.grid().column_of(g.longitude)), j = std::lround(radar.grid().row_of(g.latitude));
      BOOST_TEST(std::as_const(merged.field).view()(j, i) == g.amount_mm, tt::tolerance(1e-3F));
    }
  }
}

BOOST_AUTO_TEST_CASE(twice_the_rain_in_gauges_and_radar_is_twice_the_merged_rain) {
  const Field radar = radar_field(30, 30, hills), twice = radar_field(30, 30, [](auto j, auto i) { return 2 * hills(j, i); });
  std::vector<GaugeAmount> gauges = gauges_of(radar, 10, 1.2, 4), doubled = gauges;
  for (GaugeAmount& g : doubled) g.amount_mm *= 2;
  for (const MergeMethod method : kAdjusting) {
    const MergedRain one = merge_rain(radar, gauges, with(method)), two = merge_rain(twice, doubled, with(method));
    for (std::size_t k = 0; k < one.field.values().size(); k += 7) BOOST_TEST(two.field.values()[k] == 2 * one.field.values()[k], tt::tolerance(1e-4F));
  }
}

BOOST_AUTO_TEST_CASE(gauges_speak_in_the_radars_gaps_within_reach_and_nobody_beyond) {
  // The radar sees the western third only. A gauge in the gap at column 60 and reach 20 km: about 20 columns.
  const Field radar = radar_field(20, 120, [](auto j, auto i) { return i < 40 ? hills(j, i) : double{kMissing}; });
  std::vector<GaugeAmount> gauges = gauges_of(radar, 0, 1);
  for (const std::int64_t i : {5, 15, 25, 35}) gauges.push_back(gauge_in(radar, 10, i, hills(10, i)));
  gauges.push_back(gauge_in(radar, 10, 60, 9));
  MergeSettings s = with(MergeMethod::conditional, {10, 0});
  s.reach_km = 20;
  const MergedRain merged = merge_rain(radar, gauges, s);
  const auto v = std::as_const(merged.field).view();
  BOOST_TEST(v(10, 60) == 9.0F, tt::tolerance(1e-4F));
  BOOST_TEST(!std::isnan(v(10, 45)));
  BOOST_TEST(std::isnan(v(10, 90)));
  BOOST_TEST(!std::isnan(v(10, 39)));
  BOOST_TEST(merged.cells_from_gauges > 0);
  s.fill_gaps = false;
  BOOST_TEST(merge_rain(radar, gauges, s).cells_from_gauges == 0);
}

BOOST_AUTO_TEST_CASE(no_cell_falls_below_zero_and_dry_beside_a_dry_gauge_stays_dry) {
  const Field radar = radar_field(40, 60, [](auto j, auto i) { return i < 30 ? 0.0 : hills(j, i); });
  std::vector<GaugeAmount> gauges;
  for (const std::int64_t j : {5, 20, 35}) {
    gauges.push_back(gauge_in(radar, j, 5, 0));
    gauges.push_back(gauge_in(radar, j, 45, 4 + 0.3 * hills(j, 45)));
    gauges.push_back(gauge_in(radar, j, 55, 1));
  }
  for (const MergeMethod method : kAdjusting) {
    const MergedRain merged = merge_rain(radar, gauges, with(method));
    for (const float v : merged.field.values()) BOOST_TEST_REQUIRE(v >= 0.0F);
    for (std::int64_t j = 0; j < 40; ++j) BOOST_TEST_REQUIRE(std::as_const(merged.field).view()(j, 3) == 0.0F);
  }
}

BOOST_AUTO_TEST_CASE(with_fewer_gauges_the_next_plainer_method_is_taken_and_named) {
  const Field radar = radar_field(30, 30, hills);
  const auto used = [&](std::size_t n, MergeMethod wanted) { return merge_rain(radar, gauges_of(radar, n, 1.4), with(wanted)).plan; };
  BOOST_TEST((used(8, MergeMethod::external_drift).method == MergeMethod::external_drift));
  const MergePlan four = used(4, MergeMethod::external_drift);
  BOOST_TEST((four.method == MergeMethod::conditional));
  BOOST_TEST(four.reason == "4 gauges within the radar's sight; external drift needs 5");
  BOOST_TEST((used(2, MergeMethod::external_drift).method == MergeMethod::mean_field_bias));
  const MergePlan none = used(0, MergeMethod::external_drift);
  BOOST_TEST((none.method == MergeMethod::radar_alone));
  BOOST_TEST(none.reason.find("no mean field bias") != std::string::npos);
  const Field dry = radar_field(30, 30, [](auto, auto) { return 0.0; });
  BOOST_TEST((merge_rain(dry, gauges_of(radar, 8, 1), with(MergeMethod::external_drift)).plan.method == MergeMethod::conditional));  // no slope
}

BOOST_AUTO_TEST_CASE(a_radar_that_runs_against_the_gauges_is_not_turned_over) {
  const Field radar = radar_field(30, 30, hills);
  std::vector<GaugeAmount> against = gauges_of(radar, 12, -1);
  for (GaugeAmount& g : against) g.amount_mm += 14;
  const MergedRain merged = merge_rain(radar, against, with(MergeMethod::external_drift));
  BOOST_TEST((merged.plan.method == MergeMethod::conditional));
  BOOST_TEST(merged.plan.reason.find("slope -1.00") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_peak_beyond_all_gauges_stays_within_bounds) {
  const Field radar = radar_field(30, 30, [](auto j, auto i) { return j == 3 && i == 3 ? 80.0 : 2 + 0.01 * static_cast<double>(i); });
  std::vector<GaugeAmount> gauges;  // a slope of 100 mm a mm
  for (const std::int64_t i : {5, 10, 15, 20, 25}) gauges.push_back(gauge_in(radar, 20, i, 1 + static_cast<double>(i) / 10));
  MergeSettings s = with(MergeMethod::external_drift, {30, 0.2});
  const MergedRain merged = merge_rain(radar, gauges, s);
  BOOST_TEST((merged.plan.method == MergeMethod::external_drift));
  const double peak = double{std::as_const(merged.field).view()(3, 3)};
  BOOST_TEST(peak <= 3 * merged.plan.bias.factor * 80 * 1.0001);
  BOOST_TEST(peak >= merged.plan.bias.factor * 80 / 3.0001);
}

BOOST_AUTO_TEST_CASE(far_from_all_gauges_only_the_mean_bias_is_left) {
  const Field radar = radar_field(20, 300, hills);
  std::vector<GaugeAmount> gauges;
  for (const std::int64_t i : {5, 10, 15, 20, 25, 30}) gauges.push_back(gauge_in(radar, 10, i, 2 * hills(10, i) + static_cast<double>(i) / 10));
  const MergedRain merged = merge_rain(radar, gauges, with(MergeMethod::external_drift));
  const auto v = std::as_const(merged.field).view();
  BOOST_TEST(double{v(10, 290)} == merged.plan.bias.factor * double{std::as_const(radar).view()(10, 290)}, tt::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(neighbourhoods_agree_with_one_system_where_they_hold_all_that_matters) {
  const Field radar = radar_field(70, 90, hills);
  const std::vector<GaugeAmount> gauges = gauges_of(radar, 80, 1.5, 2);
  MergeSettings s = with(MergeMethod::external_drift, {12, 0.1});
  const MergedRain one = merge_rain(radar, gauges, s);
  s.most_global = 10;
  s.neighbours = 79;
  const MergedRain many = merge_rain(radar, gauges, s);
  s.neighbours = 30;
  const MergedRain fewer = merge_rain(radar, gauges, s);
  double worst = 0;
  for (std::size_t k = 0; k < one.field.values().size(); ++k) {
    worst = std::max(worst, std::abs(double{many.field.values()[k]} - double{one.field.values()[k]}));
    BOOST_TEST_REQUIRE(std::abs(fewer.field.values()[k] - one.field.values()[k]) < 1.0F);
  }
  BOOST_TEST(worst < 0.2);  // one far gauge of 80 moves the mean and the slope a little
}

BOOST_AUTO_TEST_CASE(the_result_has_the_same_bits_for_any_number_of_threads) {
  const Field radar = radar_field(50, 60, hills);
  const std::vector<GaugeAmount> gauges = gauges_of(radar, 60, 1.5, 2);
  for (const std::size_t most_global : {std::size_t{500}, std::size_t{20}}) {
    MergeSettings s;
    s.most_global = most_global;
    s.neighbours = 15;
    std::vector<float> first;
    for (const int threads : {1, 2, 5}) {
      set_num_threads(threads);
      const MergedRain merged = merge_rain(radar, gauges, s);
      const std::vector<float> values(merged.field.values().begin(), merged.field.values().end());
      if (first.empty()) first = values;
      BOOST_TEST((values == first));
    }
    set_num_threads(0);
  }
}

BOOST_AUTO_TEST_CASE(rates_instants_and_impossible_settings_are_refused_with_a_remedy) {
  Field radar = radar_field(5, 5, hills);
  MergeSettings s;
  s.reach_km = 0;
  BOOST_CHECK_THROW(merge_rain(radar, {}, s), Error);
  s = with(MergeMethod::conditional, {30, 1});
  BOOST_CHECK_THROW(merge_rain(radar, {}, s), Error);
  radar.meta.quantity = quantities::rainfall_rate();
  BOOST_CHECK_EXCEPTION(merge_rain(radar, {}), Error, [](const Error& e) { return e.remedy() == "accumulate the radar's rates first"; });
  BOOST_CHECK_THROW(parse_merge_method("kriging"), Error);
  for (const MergeMethod m : kMergeMethods) BOOST_TEST((parse_merge_method(std::string(merge_method_name(m))) == m));
}

BOOST_AUTO_TEST_SUITE_END()
