#include "engine/blend/model_weights.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace guyu {
namespace {

Seconds hours(int h) { return Seconds(3600 * h); }

std::vector<double> weights_at(const std::vector<LeadErrors>& models, Seconds lead) { return model_weights(models, std::vector<Seconds>(models.size(), lead)); }

LeadErrors errors(int lead_h, double error, int n) {
  LeadErrors e;
  for (int k = 0; k < n; ++k) e.add(hours(lead_h), error);
  return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_weights_of)

BOOST_AUTO_TEST_CASE(the_better_model_counts_for_more_by_its_squared_error) {
  const std::vector<LeadErrors> models{errors(24, 1, 1000000), errors(24, 2, 1000000)};
  const auto w = weights_at(models, hours(20));
  BOOST_TEST(w[0] == 0.8, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(w[0] + w[1] == 1, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(few_cases_leave_nearly_equal_weights) {
  const std::vector<LeadErrors> models{errors(24, 1, 5), errors(24, 2, 5)};
  BOOST_TEST(weights_at(models, hours(20))[0] < 0.53);
}

BOOST_AUTO_TEST_CASE(without_errors_all_are_alike_and_an_unknown_model_is_average) {
  BOOST_TEST(weights_at(std::vector<LeadErrors>(4), hours(100))[3] == 0.25);
  const std::vector<LeadErrors> models{errors(24, 1, 100000), LeadErrors{}};
  BOOST_TEST(weights_at(models, hours(24))[0] == 0.5, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(leads_without_cases_take_the_nearest_that_have) {
  LeadErrors a = errors(6, 1, 100000), b = errors(6, 1, 100000);
  for (int k = 0; k < 100000; ++k) a.add(hours(200), 3), b.add(hours(200), 1);
  const std::vector<LeadErrors> models{a, b};
  BOOST_TEST(weights_at(models, hours(8))[0] == 0.5, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(weights_at(models, hours(500))[0] < 0.2);
}

BOOST_AUTO_TEST_CASE(quantiles_are_averaged_and_the_first_model_s_order_is_kept) {
  const std::vector<std::vector<float>> models{{3, 1, 2}, {30, 10, 20}};
  const std::vector<double> half{0.5, 0.5};
  std::vector<float> out(3);
  joined_members(models, half, out);
  BOOST_TEST(out == (std::vector<float>{16.5F, 5.5F, 11}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_missing_model_leaves_the_others_and_none_leaves_nothing) {
  const std::vector<double> half{0.5, 0.5};
  std::vector<float> out(2);
  joined_members(std::vector<std::vector<float>>{{1, 2}, {std::nanf(""), 5}}, half, out);
  BOOST_TEST(out == (std::vector<float>{1, 2}), boost::test_tools::per_element());
  joined_members(std::vector<std::vector<float>>{{}, {std::nanf(""), 5}}, half, out);
  BOOST_TEST(std::isnan(out[0]));
}

BOOST_AUTO_TEST_CASE(probabilities_are_a_weighted_mean_of_the_models_that_know) {
  const std::vector<double> weights{0.6, 0.3, 0.1};
  const float none = std::nanf("");
  BOOST_TEST(joined_probability(std::vector<float>{1, 0.5F, 0}, weights) == 0.75F, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(joined_probability(std::vector<float>{none, 0.5F, 0}, weights) == 0.375F, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(std::isnan(joined_probability(std::vector<float>{none, none, none}, weights)));
  const std::vector<double> brier{0.1, 0.3, std::nan("")}, cases{1e9, 1e9, 0};
  const auto w = error_weights(brier, cases);
  BOOST_TEST(w[0] == 3 * w[1], boost::test_tools::tolerance(1e-3));
  BOOST_TEST(w[2] == w[0] / 2, boost::test_tools::tolerance(1e-3));  // not known: the average, 0.2
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
