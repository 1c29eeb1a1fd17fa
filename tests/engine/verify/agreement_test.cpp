#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "engine/verify/agreement.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(agreement_)

BOOST_AUTO_TEST_CASE(a_hand_case_gives_its_measures) {
  // Deviations from the means 3 and 2: (-2, 0, 2) and (-1, -1, 2): correlation 6 / sqrt(8 * 6).
  const std::array<float, 3> forecast{1, 3, 5}, truth{1, 1, 4};
  const Agreement a = agreement(forecast, truth);
  BOOST_TEST(a.pairs == 3U);
  BOOST_TEST(a.mean_error == 1.0);
  BOOST_TEST(a.mean_absolute_error == 1.0);
  BOOST_TEST(a.correlation == 6 / std::sqrt(48.0), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(an_affine_forecast_correlates_perfectly_and_shows_its_bias) {
  std::vector<float> truth, forecast;
  for (int k = 0; k < 50; ++k) truth.push_back(static_cast<float>(k % 7)), forecast.push_back(2 * truth.back() + 1);
  const Agreement a = agreement(forecast, truth);
  BOOST_TEST(a.correlation == 1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(a.mean_forecast == 2 * a.mean_truth + 1, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(missing_pairs_are_left_out_and_nothing_left_is_no_answer) {
  const std::array<float, 3> forecast{2, NAN, 7}, truth{1, 5, NAN};
  const Agreement a = agreement(forecast, truth);
  BOOST_TEST(a.pairs == 1U);
  BOOST_TEST(a.mean_error == 1.0);
  BOOST_TEST(std::isnan(a.correlation));
  const Agreement none = agreement(std::array<float, 1>{NAN}, std::array<float, 1>{1});
  BOOST_TEST(none.pairs == 0U);
  BOOST_TEST(std::isnan(none.mean_absolute_error));
}

BOOST_AUTO_TEST_CASE(the_median_is_the_middle_of_what_is_known) {
  BOOST_TEST(median(std::array<double, 3>{9, 1, 4}) == 4);
  BOOST_TEST(median(std::array<double, 5>{9, 1, NAN, 4, 6}) == 5);
  BOOST_TEST(std::isnan(median({})));
}

BOOST_AUTO_TEST_SUITE_END()
