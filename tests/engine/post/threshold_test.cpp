#include "engine/post/threshold.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {
std::vector<float> truth(const std::vector<float>& values, const Threshold& t, Comparison c) {
  Plane in(1, static_cast<std::int64_t>(values.size())), out = in;
  in.values = values;
  apply_threshold(in.view(), t, c, out.view());
  return out.values;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(threshold_)

BOOST_AUTO_TEST_CASE(each_comparison_treats_the_value_itself_in_its_way) {
  const std::vector<float> values{1, 2, 3};
  const auto is = [&](Comparison c, std::vector<float> wanted) { BOOST_TEST(truth(values, exact_threshold(2), c) == wanted, tt::per_element()); };
  is(Comparison::above, {0, 0, 1});
  is(Comparison::at_least, {0, 1, 1});
  is(Comparison::below, {1, 0, 0});
  is(Comparison::at_most, {1, 1, 0});
}

// 6 mm/h with factor 0.75: from 4.5 to 7.5.
BOOST_AUTO_TEST_CASE(a_fuzzy_threshold_rises_linearly_between_its_bounds) {
  const std::vector<float> wanted{0, 0, 1.0F / 6, 0.5F, 5.0F / 6, 1, 1};
  const std::vector<float> values{4, 4.5F, 5, 6, 7, 7.5F, 9};
  const std::vector<float> ours = truth(values, fuzzy_threshold(6, 0.75), Comparison::above);
  for (std::size_t k = 0; k < values.size(); ++k) {
    BOOST_TEST(test::same(ours[k], wanted[k], 1e-7));
    BOOST_TEST(test::same(truth({values[k]}, fuzzy_threshold(6, 0.75), Comparison::below)[0], 1 - wanted[k], 1e-7));
  }
}

BOOST_AUTO_TEST_CASE(a_side_without_width_is_a_step) {
  const std::vector<float> ours = truth({1.9F, 2, 2.5F, 3}, bounded_threshold(2, 2, 3), Comparison::above);
  BOOST_TEST(ours == (std::vector<float>{0, 0.5F, 0.75F, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(missing_is_neither_true_nor_false) {
  for (const Threshold& t : {exact_threshold(2), fuzzy_threshold(2, 0.5)}) BOOST_TEST(std::isnan(truth({NAN}, t, Comparison::below)[0]));
}

BOOST_AUTO_TEST_CASE(bounds_of_negative_thresholds_are_in_order_and_units_are_turned) {
  const Threshold t = fuzzy_threshold(-10, 0.5);
  BOOST_TEST((t.lower == -15 && t.upper == -5));
  const Threshold k = fuzzy_threshold(6.85, 0.2).in_units(convert_units("degC", "K"));
  BOOST_TEST(k.value == 280.0, tt::tolerance(1e-12));
  BOOST_TEST(k.lower == 274.52, tt::tolerance(1e-12));
  BOOST_TEST(k.upper == 285.48, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(no_level_of_truth_falls_when_the_field_rises) {
  const Plane low = test::random_plane(20, 30, 1);
  Plane high = low, a = low, b = low;
  for (float& v : high.values) v += 0.5F;
  apply_threshold(low.view(), fuzzy_threshold(5, 0.8), Comparison::above, a.view());
  apply_threshold(high.view(), fuzzy_threshold(5, 0.8), Comparison::above, b.view());
  for (std::size_t k = 0; k < a.values.size(); ++k) BOOST_TEST(b.values[k] >= a.values[k]);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_threshold_is_refused) {
  BOOST_CHECK_THROW(fuzzy_threshold(0, 0.5), Error);
  BOOST_CHECK_THROW(fuzzy_threshold(1, 1), Error);
  BOOST_CHECK_THROW(bounded_threshold(1, 2, 3), Error);
  BOOST_CHECK_THROW(parse_comparison("=>"), Error);
  BOOST_TEST((parse_comparison("ge") == Comparison::at_least && parse_comparison("<") == Comparison::below));
}

BOOST_AUTO_TEST_CASE(a_mean_over_planes_counts_the_known_ones) {
  Plane a(1, 3), b = a, mean = a;
  a.values = {1, 2, NAN}, b.values = {3, NAN, NAN};
  const std::vector<FieldView<const float>> both{a.view(), b.view()};
  mean_of_planes(both, mean.view());
  BOOST_TEST((mean.values[0] == 2 && mean.values[1] == 2 && std::isnan(mean.values[2])));
  mean_of_planes(both, mean.view(), 2);
  BOOST_TEST((mean.values[0] == 2 && std::isnan(mean.values[1])));
  BOOST_CHECK_THROW(mean_of_planes({}, mean.view()), Error);
}

BOOST_AUTO_TEST_CASE(between_thresholds_is_the_difference_of_the_right_sign) {
  Plane low(1, 2), high = low, out = low;
  low.values = {0.2F, NAN}, high.values = {0.75F, 0.5F};
  probability_between(low.view(), high.view(), true, out.view());
  BOOST_TEST(out.values[0] == 0.55F);
  BOOST_TEST(std::isnan(out.values[1]));
  probability_between(high.view(), low.view(), false, out.view());
  BOOST_TEST(out.values[0] == 0.55F);
}

BOOST_AUTO_TEST_SUITE_END()
