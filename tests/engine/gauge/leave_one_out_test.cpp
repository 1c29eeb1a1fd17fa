#include "engine/gauge/leave_one_out.h"

#include <boost/test/unit_test.hpp>

#include "hpc/parallel/parallel_for.h"
#include "tests/engine/gauge/gauge_case.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {
std::vector<RainPair> pairs_of(std::size_t n, double own) {
  const Field radar = test::radar_field(60, 60, test::hills);
  std::vector<GaugeAmount> gauges;
  for (std::size_t k = 0; k < n; ++k) {
    const auto j = static_cast<std::int64_t>(60 * test::scatter(3 * k)), i = static_cast<std::int64_t>(60 * test::scatter(3 * k + 1));
    gauges.push_back(test::gauge_in(radar, j, i, 1.6 * test::hills(j, i) + own * test::scatter(3 * k + 2)));
  }
  return rain_pairs(radar, gauges);
}
}  // namespace
BOOST_AUTO_TEST_SUITE(leave_one_out_)

BOOST_AUTO_TEST_CASE(a_constant_share_is_found_by_all_methods_but_the_radar_alone) {
  LeaveOneOutScores scores;
  MergeSettings s;
  s.bias.shrink = false;
  scores.add(leave_one_out(pairs_of(20, 0), std::nullopt, s));
  const std::vector<LeaveOneOutScore> r = scores.result();
  BOOST_REQUIRE(r.size() == 4U);
  BOOST_TEST(r[0].agreement.multiplicative_bias == 1 / 1.6, tt::tolerance(1e-3));
  for (std::size_t m = 1; m < 4; ++m) {
    BOOST_TEST(r[m].agreement.pairs == 20U);
    BOOST_TEST(r[m].agreement.root_mean_square_error < 1e-3);
    BOOST_TEST(r[m].fell_back == 0U);
  }
}

BOOST_AUTO_TEST_CASE(nothing_of_a_gauge_is_in_its_own_estimate) {
  std::vector<RainPair> pairs = pairs_of(40, 5);
  const auto before = leave_one_out(pairs, std::nullopt);
  pairs[7].gauge_mm += 50;
  const auto after = leave_one_out(pairs, std::nullopt);
  BOOST_TEST(after[7].gauge_mm != before[7].gauge_mm);
  for (std::size_t m = 0; m < kMergeMethods.size(); ++m) BOOST_TEST(after[7].estimate_mm[m] == before[7].estimate_mm[m]);
  BOOST_TEST(after[8].estimate_mm[1] != before[8].estimate_mm[1]);
}

BOOST_AUTO_TEST_CASE(gauges_that_the_radar_does_not_see_help_nobody_to_a_score) {
  std::vector<RainPair> pairs = pairs_of(10, 1);
  pairs[3].radar_mm = std::nan("");
  const auto left = leave_one_out(pairs, std::nullopt);
  BOOST_TEST(left.size() == 9U);
  for (const LeftOut& l : left) BOOST_TEST(l.pair != 3U);
}

BOOST_AUTO_TEST_CASE(scores_have_the_same_bits_for_any_number_of_threads) {
  const std::vector<RainPair> pairs = pairs_of(35, 4);
  std::vector<std::array<float, 4>> first;
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    std::vector<std::array<float, 4>> estimates;
    for (const LeftOut& l : leave_one_out(pairs, std::nullopt)) estimates.push_back(l.estimate_mm);
    if (first.empty()) first = estimates;
    BOOST_TEST((estimates == first));
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_SUITE_END()
