#include "engine/calibrate/forecast_calibration.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"

namespace guyu {

BOOST_AUTO_TEST_SUITE(forecast_calibration)

BOOST_AUTO_TEST_CASE(a_region_with_many_cases_has_its_own_bias_and_one_without_the_common_one) {
  std::vector<RegionCase> cases;
  for (int k = 0; k < 1000; ++k) cases.push_back({0, 22, 20}), cases.push_back({1, 20, 20});
  const RegionBias bias = fit_region_bias(cases, {"a", "b", "c"}, false);
  BOOST_TEST(bias(0, 25) == 23, boost::test_tools::tolerance(2e-3F));
  BOOST_TEST(bias(1, 25) == 25, boost::test_tools::tolerance(2e-3F));
  BOOST_TEST(bias(2, 25) == 24, boost::test_tools::tolerance(1e-5F));   // the mean error of all is 1
  BOOST_TEST(bias(99, 25) == 24, boost::test_tools::tolerance(1e-5F));  // unknown to the archive
}

BOOST_AUTO_TEST_CASE(one_case_moves_a_region_little) {
  std::vector<RegionCase> cases;
  for (int k = 0; k < 1000; ++k) cases.push_back({0, 20, 20});
  cases.push_back({1, 30, 20});
  BOOST_TEST(std::abs(fit_region_bias(cases, {"a", "b"}, false)(1, 20) - 20) < 1.1);
}

BOOST_AUTO_TEST_CASE(amounts_are_scaled_and_stay_zero_where_they_are) {
  std::vector<RegionCase> cases;
  for (int k = 0; k < 500; ++k) cases.push_back({0, 4, 2}), cases.push_back({0, 0, 0});
  const RegionBias bias = fit_region_bias(cases, {"a"}, true);
  BOOST_TEST(bias(0, 10) == 5, boost::test_tools::tolerance(0.02F));
  BOOST_TEST(bias(0, 0) == 0);
}

// No factor can be told from an archive that is dry on one side: dividing by it would make floods, or take every rain away.
BOOST_AUTO_TEST_CASE(amounts_of_a_dry_archive_stay_as_they_are) {
  std::vector<RegionCase> never_came(200, {0, 3, 0}), never_foretold(200, {0, 0, 3});
  BOOST_TEST(fit_region_bias(never_came, {"a"}, true).common == 1);
  BOOST_TEST(fit_region_bias(never_foretold, {"a"}, true).common == 1);
  BOOST_TEST(fit_region_bias(never_came, {"a"}, true)(0, 10) == 10);
}

BOOST_AUTO_TEST_CASE(members_keep_their_order_and_take_the_calibrated_distribution) {
  Emos model;  // the identity with a spread of 1
  const std::vector<float> raw{12, 10, 11};
  std::vector<float> out(3);
  calibrated_members(model, raw, out);
  BOOST_TEST((out[1] < out[2] && out[2] < out[0]));
  BOOST_TEST(out[2] == 11, boost::test_tools::tolerance(1e-4F));
  BOOST_TEST(out[0] - out[2] == 0.9674F, boost::test_tools::tolerance(1e-3F));  // the 5/6-quantile of the normal distribution
}

BOOST_AUTO_TEST_CASE(one_unknown_member_makes_all_unknown) {
  std::vector<float> out(4);
  calibrated_members({}, std::vector<float>{1, std::nanf(""), 3}, out);
  BOOST_TEST(std::all_of(out.begin(), out.end(), [](float x) { return std::isnan(x); }));
}

BOOST_AUTO_TEST_CASE(methods_are_named_and_unknown_ones_refused) {
  for (const ForecastMethod m : {ForecastMethod::bias, ForecastMethod::quantile_mapping, ForecastMethod::emos})
    BOOST_TEST((parse_forecast_method(name_of(m)) == m));
  BOOST_CHECK_THROW(parse_forecast_method("magic"), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
