#include "engine/verify/agreement.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

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

// Errors 0, 2, 1: RMSE sqrt(5 / 3); means 3 and 2.
BOOST_AUTO_TEST_CASE(squares_and_ratio_by_hand) {
  const Agreement a = agreement(std::array<float, 3>{1, 3, 5}, std::array<float, 3>{1, 1, 4});
  BOOST_TEST(a.root_mean_square_error == std::sqrt(5.0 / 3), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(a.multiplicative_bias == 1.5, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::isnan(agreement(std::array<float, 1>{1}, std::array<float, 1>{0}).multiplicative_bias));
}

// A large mean would eat the digits of plain sums of squares.
BOOST_AUTO_TEST_CASE(parts_make_the_whole_and_large_means_cost_no_digits) {
  std::vector<float> f, o;
  for (int k = 0; k < 40000; ++k) o.push_back(100000 + static_cast<float>(k % 7)), f.push_back(o.back() + static_cast<float>(k % 2));
  const Agreement whole = agreement(f, o);
  AgreementSums parts;
  parts.add(std::span(f).first(1234), std::span(o).first(1234));
  parts.add(std::span(f).subspan(1234), std::span(o).subspan(1234));
  BOOST_TEST(parts.result().correlation == whole.correlation, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(parts.result().mean_error == whole.mean_error, boost::test_tools::tolerance(1e-9));
  // Variance of k % 7 is 4, that of k % 2 is 1/4, and they do not go together (14 divides almost all): 2 / sqrt(4.25).
  BOOST_TEST(whole.correlation == 2 / std::sqrt(4.25), boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(wet_pairs_are_those_whose_truth_is_wet) {
  AgreementSums s;
  s.add_where_truth(std::array<float, 4>{1, 9, NAN, 3}, std::array<float, 4>{2, 0, 5, NAN}, 0.1);
  BOOST_TEST(s.result().pairs == 1U);
  BOOST_TEST(s.result().mean_absolute_error == 1.0);
  BOOST_TEST(s.result().unjudged == 2U);
}

BOOST_AUTO_TEST_CASE(the_median_is_the_middle_of_what_is_known) {
  BOOST_TEST(median(std::array<double, 3>{9, 1, 4}) == 4);
  BOOST_TEST(median(std::array<double, 5>{9, 1, NAN, 4, 6}) == 5);
  BOOST_TEST(std::isnan(median({})));
}

BOOST_AUTO_TEST_SUITE_END()
