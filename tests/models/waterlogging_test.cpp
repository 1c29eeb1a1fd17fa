#include <boost/test/unit_test.hpp>
#include <cmath>

#include "hpc/parallel/parallel_for.h"
#include "models/models.h"
#include "models/rule_model.h"
#include "tests/models/water_models_case.h"

namespace guyu {
namespace {

using test::coverage_at;
using test::HourlyRain;
using test::value_at;

SeriesModel::Result ponded(const HourlyRain& c, const ModelState& before = {}) {
  return waterlogging_model().compute(c.inputs, default_params(waterlogging_model()), before);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(waterlogging_suite)

BOOST_AUTO_TEST_CASE(the_depth_is_what_drains_do_not_take_by_hand) {
  HourlyRain c;
  c.attribute("impervious_share", {0.8F}), c.attribute("drainage_capacity", {20}, "mm h-1");
  c.fill(-12, 6, [](int h, std::size_t, std::size_t) { return h == 0 ? 50.0 : h == 1 ? 30.0 : 0.0; });
  const SeriesModel::Result r = ponded(c);
  // Runoff 0.8 x 0.9 + 0.2 x 0.2 = 0.76: 38 - 20 = 18 mm, 18 + 22.8 - 20 = 20.8, then 0.8, then none; five times that at low places.
  const float depths[] = {90, 104, 4, 0};
  for (int h = 0; h < 4; ++h) BOOST_TEST(std::abs(value_at(r, c.issue, h + 1, 0, 0) - depths[h]) < 1e-3F);
  BOOST_TEST(coverage_at(r, c.issue, 2, 0) == 1);
  BOOST_TEST((r.state.at == c.issue));
}

BOOST_AUTO_TEST_CASE(attributes_count_in_whatever_unit_they_come) {
  const auto depth = [](float share, const char* share_unit, float drains, const char* drains_unit) {
    HourlyRain c;
    c.attribute("impervious_share", {share}, share_unit), c.attribute("drainage_capacity", {drains}, drains_unit);
    c.fill(-12, 6, [](int h, std::size_t, std::size_t) { return h == 0 ? 50.0 : 0.0; });
    return value_at(ponded(c), c.issue, 1, 0, 0);
  };
  BOOST_TEST(std::abs(depth(0.8F, "1", 20, "mm h-1") - 90) < 1e-3F);
  BOOST_TEST(std::abs(depth(80, "%", 20, "mm h-1") - 90) < 1e-3F);
  BOOST_TEST(std::abs(depth(0.8F, "1", 20.0F / 3600, "mm s-1") - 90) < 1e-3F);
  BOOST_TEST(std::isnan(depth(0.8F, "m", 20, "mm h-1")));  // no share at all
}

BOOST_AUTO_TEST_CASE(water_that_stands_is_remembered_and_the_parameter_serves_towns_without_a_capacity) {
  HourlyRain c(2);
  c.attribute("impervious_share", {0.5F, 0.5F});
  c.fill(-1, 3, [](int, std::size_t, std::size_t) { return 0.0; });
  const SeriesModel::Result r = ponded(c, {c.issue - std::chrono::hours(1), {{"ponded_water", {70, 0}}}});
  BOOST_TEST(std::abs(value_at(r, c.issue, 0, 0, 0) - 5 * 40) < 1e-3F);
  BOOST_TEST(std::abs(value_at(r, c.issue, 1, 0, 0) - 5 * 10) < 1e-3F);
  BOOST_TEST(value_at(r, c.issue, 2, 0, 1) == 0);
  BOOST_TEST(std::abs(r.state.values.at("ponded_water")[0] - 40) < 1e-4F);
  BOOST_TEST(coverage_at(r, c.issue, 0, 0) == 1);
}

BOOST_AUTO_TEST_CASE(missing_is_unknown_more_rain_is_no_shallower_and_order_does_not_matter) {
  const RuleModel pack(load_rule_pack("configs/rules/waterlogging.toml"));
  const std::size_t n = 200;
  const auto showers = [](int h, std::size_t m, std::size_t r) { return static_cast<double>((static_cast<std::size_t>(h + 50) * 7 + m * 5 + r * 3) % 11) * 6; };
  HourlyRain c(n, 2), d(n, 2), b(n, 2);
  std::vector<float> sealed;
  for (std::size_t r = 0; r < n; ++r) sealed.push_back(static_cast<float>(r) / 200);
  c.attribute("impervious_share", sealed), d.attribute("impervious_share", sealed), b.attribute("impervious_share", {sealed.rbegin(), sealed.rend()});
  c.fill(-12, 6, showers);
  d.fill(-12, 6, [&](int h, std::size_t m, std::size_t r) { return 2 * showers(h, m, r); });
  b.fill(-12, 6, [&](int h, std::size_t m, std::size_t r) { return showers(h, m, n - 1 - r); });
  set_num_threads(1);
  const SeriesModel::Result once = ponded(c);
  set_num_threads(3);
  const SeriesModel::Result twice = ponded(d), back = ponded(b);
  set_num_threads(0);
  for (int h = -5; h <= 6; ++h)
    for (std::size_t m = 0; m < 2; ++m)
      for (std::size_t r = 0; r < n; ++r) {
        BOOST_TEST(value_at(twice, c.issue, h, m, r) >= value_at(once, c.issue, h, m, r));
        BOOST_TEST(value_at(back, c.issue, h, m, n - 1 - r) == value_at(once, c.issue, h, m, r));
      }
  const auto level = [&](HourlyRain& x) {
    HazardInputs in = x.inputs;
    in.series.push_back(ponded(x).series);
    return pack.evaluate(in).rows[0].level;
  };
  HourlyRain x;
  x.attribute("impervious_share", {0.7F});
  x.fill(-12, 6, [](int, std::size_t, std::size_t) { return std::nan(""); });
  BOOST_TEST((level(x) == Level::unknown));
  x.fill(-12, 6, [](int h, std::size_t, std::size_t) { return h >= -3 && h < 0 ? std::nan("") : 0.0; });
  BOOST_TEST((level(x) == Level::unknown));
  x.fill(-12, 6, [](int, std::size_t, std::size_t) { return 0.0; });
  BOOST_TEST((level(x) == Level::none));
  x.fill(-12, 6, [](int h, std::size_t, std::size_t) { return h >= -3 && h < 0 ? std::nan("") : h == 0 ? 130.0 : 0.0; });
  BOOST_TEST((level(x) >= Level::yellow));
  x.inputs.attributes.clear();
  BOOST_TEST((level(x) == Level::unknown));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
