#include "engine/gauge/dual_kriging.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/engine/gauge/gauge_case.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {

// The plain form: for each place the weights of the gauges, from the whole kriging system with its Lagrange multipliers, by elimination with pivots.
double plain_kriging(const std::vector<GroundPoint>& places, const std::vector<double>& values, const std::vector<double>& drift, const Variogram& v,
                     const GroundPoint& at, double drift_at) {
  const std::size_t n = places.size(), m = n + (drift.empty() ? 1 : 2);
  std::vector<std::vector<double>> a(m, std::vector<double>(m + 1, 0.0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) a[i][j] = i == j ? 1 : v.covariance(squared_km(places[i], places[j]));
    a[i][n] = a[n][i] = 1;
    if (!drift.empty()) a[i][n + 1] = a[n + 1][i] = drift[i];
    a[i][m] = v.covariance(squared_km(places[i], at));
  }
  a[n][m] = 1;
  if (!drift.empty()) a[n + 1][m] = drift_at;
  for (std::size_t k = 0; k < m; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k + 1; r < m; ++r) pivot = std::abs(a[r][k]) > std::abs(a[pivot][k]) ? r : pivot;
    std::swap(a[k], a[pivot]);
    for (std::size_t r = 0; r < m; ++r) {
      if (r == k) continue;
      const double factor = a[r][k] / a[k][k];
      for (std::size_t c = k; c <= m; ++c) a[r][c] -= factor * a[k][c];
    }
  }
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i][m] / a[i][i] * values[i];
  return sum;
}

std::vector<GroundPoint> scattered(std::size_t n, std::uint64_t salt) {
  std::vector<GroundPoint> p;
  for (std::size_t k = 0; k < n; ++k) p.push_back(ground_point(114 + 0.5 * test::scatter(2 * k + salt), 30 + 0.5 * test::scatter(2 * k + 1 + salt)));
  return p;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(dual_kriging)

BOOST_AUTO_TEST_CASE(between_two_gauges_the_estimate_is_their_mean_and_far_away_too) {
  const std::vector<GroundPoint> two{ground_point(114, 30), ground_point(114.2, 30)};
  const auto k = DualKriging::fit(two, std::vector{2.0, 6.0}, {}, {30, 0});
  BOOST_TEST(k->at(ground_point(114.1, 30)) == 4.0, tt::tolerance(1e-6));
  BOOST_TEST(k->at(ground_point(116, 30)) == 4.0, tt::tolerance(1e-6));
  BOOST_TEST(k->at(two[0]) == 2.0, tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(at_a_quarter_of_the_way_the_weights_are_those_counted_by_hand) {
  // Gauges 10 km apart, range 20 km, no nugget: the correlations over 10, 2.5 and 7.5 km are 0.3125, 0.813477 and 0.463867. Ordinary kriging of two gauges
  // weighs the first (1 + (0.813477 - 0.463867) / (1 - 0.3125)) / 2 = 0.754261.
  const double degrees = 10 / 111.194926645;
  const std::vector<GroundPoint> two{ground_point(114, 30), ground_point(114, 30 + degrees)};
  const auto k = DualKriging::fit(two, std::vector{1.0, 0.0}, {}, {20, 0});
  BOOST_TEST(k->at(ground_point(114, 30 + degrees / 4)) == 0.754261, tt::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(the_dual_form_equals_the_plain_system) {
  const std::vector<GroundPoint> places = scattered(40, 7), targets = scattered(25, 1000);
  std::vector<double> values, drift;
  for (std::size_t k = 0; k < places.size(); ++k) drift.push_back(10 * test::scatter(k + 500)), values.push_back(2 + drift.back() + test::scatter(k + 900));
  for (const Variogram& v : {Variogram{15, 0}, Variogram{40, 0.2}}) {
    const auto ordinary = DualKriging::fit(places, values, {}, v), external = DualKriging::fit(places, values, drift, v);
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const double d = 10 * test::scatter(t + 3000);
      BOOST_TEST(ordinary->at(targets[t]) == plain_kriging(places, values, {}, v, targets[t], 0), tt::tolerance(1e-6));
      BOOST_TEST(external->at(targets[t], d) == plain_kriging(places, values, drift, v, targets[t], d), tt::tolerance(1e-6));
    }
  }
}

BOOST_AUTO_TEST_CASE(values_that_follow_the_drift_give_its_line_everywhere) {
  const std::vector<GroundPoint> places = scattered(12, 3);
  std::vector<double> drift, values;
  for (std::size_t k = 0; k < places.size(); ++k) drift.push_back(test::scatter(k)), values.push_back(1.5 + 2.5 * drift.back());
  const auto k = DualKriging::fit(places, values, drift, {25, 0.1});
  BOOST_TEST(k->slope() == 2.5, tt::tolerance(1e-6));
  BOOST_TEST(k->intercept() == 1.5, tt::tolerance(1e-6));
  BOOST_TEST(k->at(ground_point(114.31, 30.2), 4) == 11.5, tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(two_gauges_at_one_place_share_their_weight_and_a_constant_drift_is_refused) {
  const std::vector<GroundPoint> same{ground_point(114, 30), ground_point(114, 30), ground_point(114.1, 30)};
  const auto k = DualKriging::fit(same, std::vector{2.0, 4.0, 5.0}, {}, {30, 0});
  BOOST_REQUIRE(k.has_value());
  BOOST_TEST(k->at(same[0]) == 3.0, tt::tolerance(1e-5));
  BOOST_TEST(!DualKriging::fit(same, std::vector{2.0, 4.0, 5.0}, std::vector{1.0, 1.0, 1.0}, {30, 0}).has_value());
  BOOST_TEST(!DualKriging::fit({}, {}, {}, {30, 0}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
