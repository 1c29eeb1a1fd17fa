#include "engine/gauge/mean_field_bias.h"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace guyu;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(mean_field_bias_)

BOOST_AUTO_TEST_CASE(the_factor_is_the_ratio_of_sums_over_pairs_that_both_saw_rain) {
  MeanFieldBiasSettings s;
  s.shrink = false;
  const std::vector<RainPair> pairs{{{}, 4, 2}, {{}, 8, 2}, {{}, 0, 5}, {{}, 9, 0}, {{}, 7, std::numeric_limits<double>::quiet_NaN()}};
  const MeanFieldBias b = mean_field_bias(pairs, s);
  BOOST_TEST(b.pairs == 2U);
  BOOST_TEST(b.factor == 3.0, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(one_gauge_counts_less_than_thirty_that_agree) {
  // One pair: variance 2 x 0.25 / 2 = 0.25 over one, share 1 / 1.25 of the logarithm.
  BOOST_TEST(mean_field_bias(std::vector<RainPair>{{{}, 4, 2}}).factor == std::exp2(0.8), tt::tolerance(1e-12));
  const std::vector<RainPair> many(30, {{}, 4, 2});
  BOOST_TEST(mean_field_bias(many).factor == 2.0, tt::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(nothing_is_known_without_a_wet_pair_and_absurd_ratios_are_bounded) {
  BOOST_TEST(mean_field_bias({}).factor == 1.0);
  BOOST_TEST(mean_field_bias(std::vector<RainPair>{{{}, 0, 5}}).pairs == 0U);
  MeanFieldBiasSettings s;
  s.shrink = false;
  BOOST_TEST(mean_field_bias(std::vector<RainPair>{{{}, 500, 0.2}}, s).factor == 20.0, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()
