#include "engine/verify/spread_skill.h"

#include <boost/test/unit_test.hpp>

#include "hpc/parallel/parallel_for.h"
#include "tests/engine/verify/reference.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(spread_skill_)

// Members 1 and 3: mean 2, variance 2; truth 4: error 2. The second place is dry in mean and truth, the third
// misses a member.
BOOST_AUTO_TEST_CASE(a_hand_case_gives_spread_and_error) {
  const std::vector<std::vector<float>> m{{1, 0, NAN}, {3, 0, 5}};
  const SpreadSkill s = spread_skill(test::spans(m), std::vector<float>{4, 0, 5}, 0.1);
  BOOST_TEST(s.judged == 1U);
  BOOST_TEST(s.dry == 1U);
  BOOST_TEST(s.unjudged == 1U);
  BOOST_TEST(s.spread() == std::sqrt(2.0), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(s.error() == 2.0);
  BOOST_TEST(s.ratio() == std::sqrt(1.5) * std::sqrt(2.0) / 2, boost::test_tools::tolerance(1e-12));
}

// 0.7 as a float lies below 0.7 as a double.
BOOST_AUTO_TEST_CASE(a_value_at_the_limit_counts_as_at_least_it) {
  const std::vector<std::vector<float>> m{{0}, {0.1F}};
  BOOST_TEST(spread_skill(test::spans(m), std::vector<float>{0.7F}, 0.7).judged == 1U);
}

// Truth and members are draws of one distribution: spread tells the error.
BOOST_AUTO_TEST_CASE(a_reliable_ensemble_has_ratio_one) {
  test::Dice dice(11);
  std::vector<std::vector<float>> m(6, std::vector<float>(60000));
  std::vector<float> o(60000);
  for (auto& member : m)
    for (float& v : member) v = static_cast<float>(1 + dice.roll());
  for (float& v : o) v = static_cast<float>(1 + dice.roll());
  BOOST_TEST(spread_skill(test::spans(m), o, 0.1).ratio() == 1.0, boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(bins_hold_what_the_whole_holds_with_any_threads) {
  const auto m = test::ensemble(5, 40000, 14);
  const auto o = test::rain(1, 40000, 15).values;
  set_num_threads(1);
  const SpreadSkill one = spread_skill(test::spans(m), o, 0.1);
  std::uint64_t count = 0;
  double variance = 0;
  for (const auto& b : one.bins) count += b.count, variance += b.variance;
  BOOST_TEST(count == one.judged);
  BOOST_TEST(variance == one.variance, boost::test_tools::tolerance(1e-12));
  for (const int threads : {2, 4}) {
    set_num_threads(threads);
    const SpreadSkill more = spread_skill(test::spans(m), o, 0.1);
    BOOST_TEST((more.variance == one.variance && more.square_error == one.square_error));
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(the_mean_is_missing_where_a_member_is) {
  const std::vector<std::vector<float>> m{{1, NAN}, {4, 2}};
  std::vector<float> mean(2);
  ensemble_mean(test::spans(m), mean);
  BOOST_TEST(mean[0] == 2.5F);
  BOOST_TEST(std::isnan(mean[1]));
}

BOOST_AUTO_TEST_SUITE_END()
