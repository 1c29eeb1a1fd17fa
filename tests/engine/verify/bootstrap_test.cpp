#include "engine/verify/bootstrap.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/engine/verify/reference.h"

using namespace guyu;
namespace {
struct Mean {
  double sum = 0, n = 0;
  Mean& operator+=(const Mean& o) {
    sum += o.sum, n += o.n;
    return *this;
  }
};
std::vector<double> value(const Mean& m) { return {m.sum / m.n}; }
}  // namespace
BOOST_AUTO_TEST_SUITE(bootstrap)

BOOST_AUTO_TEST_CASE(percentiles_lie_between_the_draws) {
  std::vector<double> draws;
  for (int k = 100; k >= 0; --k) draws.push_back(k);
  const Bounds b = percentile_bounds(draws, 0.9);
  BOOST_TEST(b.low == 5.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(b.high == 95.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::isnan(percentile_bounds({1, NAN, NAN}, 0.9).low));
  BOOST_TEST(percentile_bounds({1, 1, NAN}, 0.9).high == 1.0);
  BOOST_TEST(std::isnan(percentile_bounds({}, 0.9).low));
}

// The mean of 200 draws from [0, 1) has the standard error 1 / sqrt(12 x 200) = 0.0204.
BOOST_AUTO_TEST_CASE(the_bounds_of_a_mean_are_as_wide_as_theory_says) {
  test::Dice dice(5);
  std::vector<Mean> blocks;
  for (int k = 0; k < 200; ++k) blocks.push_back({dice.roll(), 1});
  const Bounds b = bootstrap_bounds(blocks, 2000, 1, 0.95, value).front();
  BOOST_TEST(b.high - b.low == 2 * 1.96 * 0.0204, boost::test_tools::tolerance(0.15));
  Mean all;
  for (const Mean& m : blocks) all += m;
  BOOST_TEST(b.low < all.sum / all.n);
  BOOST_TEST(b.high > all.sum / all.n);
}

BOOST_AUTO_TEST_CASE(the_seed_decides_and_threads_do_not) {
  const std::vector<Mean> blocks{{1, 1}, {5, 1}, {2, 1}, {9, 1}};
  set_num_threads(1);
  const Bounds one = bootstrap_bounds(blocks, 300, 7, 0.9, value).front();
  for (const int threads : {2, 4}) {
    set_num_threads(threads);
    const Bounds more = bootstrap_bounds(blocks, 300, 7, 0.9, value).front();
    BOOST_TEST((more.low == one.low && more.high == one.high));
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(one_block_or_no_draw_gives_no_bounds) {
  BOOST_TEST(std::isnan(bootstrap_bounds(std::vector<Mean>{{1, 1}}, 100, 1, 0.9, value).front().low));
  BOOST_TEST(std::isnan(bootstrap_bounds(std::vector<Mean>{{1, 1}, {2, 1}}, 0, 1, 0.9, value).front().low));
}

BOOST_AUTO_TEST_SUITE_END()
