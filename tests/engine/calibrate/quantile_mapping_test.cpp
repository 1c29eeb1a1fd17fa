#include "engine/calibrate/quantile_mapping.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

namespace guyu {
namespace {

std::vector<float> ramp(int n, float first, float step) {
  std::vector<float> v;
  for (int k = 0; k < n; ++k) v.push_back(first + step * static_cast<float>(k));
  return v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quantile_mapping)

BOOST_AUTO_TEST_CASE(a_shifted_and_stretched_distribution_is_set_right) {
  const QuantileMapping m = fit_quantile_mapping(ramp(1001, 270, 0.02F), ramp(1001, 275, 0.03F), false);
  BOOST_TEST(m(280) == 290, boost::test_tools::tolerance(1e-5F));  // the middle of both
  BOOST_TEST(m(270) == 275, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(m(300) == 315, boost::test_tools::tolerance(1e-5F));  // beyond the archive: as far as its end was
}

BOOST_AUTO_TEST_CASE(equal_distributions_change_nothing) {
  const auto v = ramp(200, 0, 0.5F);
  const QuantileMapping m = fit_quantile_mapping(v, v, true);
  for (const float x : {0.0F, 3.2F, 50.0F, 150.0F}) BOOST_TEST(m(x) == x, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(a_forecast_that_drizzles_too_often_gets_the_observed_share_of_dry_days) {
  std::vector<float> forecast, observed;
  for (int k = 0; k < 1000; ++k) {
    forecast.push_back(k < 300 ? 0.0F : 0.01F * static_cast<float>(k - 299));
    observed.push_back(k < 700 ? 0.0F : 0.05F * static_cast<float>(k - 699));
  }
  const QuantileMapping m = fit_quantile_mapping(forecast, observed, true, 0.1F);
  std::vector<float> mapped = forecast;
  for (float& x : mapped) x = m(x);
  const auto dry = std::count_if(mapped.begin(), mapped.end(), [](float x) { return x < 0.1F; });
  BOOST_TEST(std::abs(static_cast<double>(dry) / 1000 - 0.701) < 0.01);
  double sum = 0, wanted = 0;
  for (const float x : mapped) sum += static_cast<double>(x);
  for (const float x : observed) wanted += static_cast<double>(x);
  BOOST_TEST(sum == wanted, boost::test_tools::tolerance(0.05));
  for (const float x : mapped) BOOST_TEST(x >= 0);
}

BOOST_AUTO_TEST_CASE(order_is_kept_and_missing_stays_missing) {
  const QuantileMapping m = fit_quantile_mapping(ramp(500, 0, 1), ramp(500, 10, 0.7F), false);
  std::vector<float> v = ramp(150, 3, 2.9F);
  v[7] = std::nanf("");
  for (float& x : v) x = m(x);
  BOOST_TEST(std::isnan(v[7]));
  for (std::size_t k = 9; k < v.size(); ++k) BOOST_TEST(v[k] >= v[k - 1]);
}

// A day on which it rains hard everywhere is no day of the usual share of dry places.
BOOST_AUTO_TEST_CASE(widespread_rain_stays_widespread_and_a_dry_day_dry) {
  std::vector<float> climate;
  for (int k = 0; k < 1000; ++k) climate.push_back(k < 850 ? 0.0F : 0.3F * static_cast<float>(k - 849));
  const QuantileMapping m = fit_quantile_mapping(climate, climate, true, 0.1F);
  for (const float x : {20.0F, 30.0F, 40.0F}) BOOST_TEST(m(x) == x, boost::test_tools::tolerance(0.02F));
  BOOST_TEST(m(0) == 0);
}

BOOST_AUTO_TEST_CASE(few_values_teach_nothing) {
  const QuantileMapping m = fit_quantile_mapping(ramp(10, 0, 1), ramp(10, 5, 1), false);
  BOOST_TEST(!m.note.empty());
  BOOST_TEST(m(3) == 3);
}

BOOST_AUTO_TEST_CASE(an_archive_without_rain_teaches_nothing) {
  const QuantileMapping m = fit_quantile_mapping(ramp(100, 0, 0.2F), std::vector<float>(100, 0.0F), true);
  BOOST_TEST(m.note == "no rain was observed");
  BOOST_TEST(m(12) == 12);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
