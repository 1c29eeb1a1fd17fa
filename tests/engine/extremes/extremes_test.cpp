#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/error.h"
#include "engine/extremes/counter_uniform.h"
#include "engine/extremes/gev.h"
#include "engine/extremes/goodness.h"
#include "engine/extremes/gpd.h"
#include "engine/extremes/l_moments.h"
#include "engine/extremes/return_level.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

template <class Law>
std::vector<double> drawn(const Law& law, std::size_t n, std::uint32_t repeat = 0) {
  std::vector<double> x;
  for (std::size_t k = 0; k < n; ++k) x.push_back(law.quantile(counter_uniform(7, repeat, static_cast<std::uint32_t>(k))));
  return x;
}

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

}  // namespace

BOOST_AUTO_TEST_SUITE(extremes)

BOOST_AUTO_TEST_CASE(l_moments_of_a_short_sample_are_those_made_by_hand) {
  // 1 2 4 9: b0 = 4, b1 = (2/3 + 8/3 + 9) / 4 = 37/12, b2 = (4/3 + 9) / 4 = 31/12, b3 = 9/4.
  const double nan = std::nan("");
  const LMoments m = l_moments(std::vector<double>{9, 1, nan, 4, 2});
  BOOST_TEST(near(m.mean, 4, 1e-12));
  BOOST_TEST(near(m.scale, 37.0 / 6 - 4, 1e-12));
  BOOST_TEST(near(m.skewness, (31.0 / 2 - 37.0 / 2 + 4) / (13.0 / 6), 1e-12));
  BOOST_TEST(near(m.kurtosis, (45 - 77.5 + 37 - 4) / (13.0 / 6), 1e-12));
  BOOST_CHECK_THROW(l_moments(std::vector<double>{1, 2, nan, 3}), Error);
}

BOOST_AUTO_TEST_CASE(gumbel_return_levels_are_those_made_by_hand) {
  const Gev g{100, 20, 0};
  BOOST_TEST(near(return_level(g, 100), 100 - 20 * std::log(-std::log(0.99)), 1e-9));  // 192.0
  BOOST_TEST(near(return_level(g, 100), 192.003, 1e-3));
  BOOST_TEST(near(return_period(g, return_level(g, 50)), 50, 1e-6));
  const Gev ends{0, 1, -0.5};
  BOOST_TEST(std::isinf(return_period(ends, 2.5)));
  BOOST_TEST(std::isinf(ends.log_density(2.5)));
  BOOST_TEST(near(Gev({0, 1, 1e-5}).quantile(0.9), Gev({0, 1, 0}).quantile(0.9), 1e-4));
}

BOOST_AUTO_TEST_CASE(both_fits_find_the_law_that_the_sample_came_from) {
  for (const double shape : {-0.2, 0.0, 0.2}) {
    const Gev truth{50, 12, shape};
    const std::vector<double> x = drawn(truth, 5000);
    for (const GevMethod method : {GevMethod::l_moments, GevMethod::likelihood}) {
      const Gev g = fit_gev(x, method);
      BOOST_TEST(near(g.location, 50, 0.8), shape << " " << g.location);
      BOOST_TEST(near(g.scale, 12, 0.6), shape << " " << g.scale);
      BOOST_TEST(near(g.shape, shape, 0.04), shape << " " << g.shape);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_sea_levels_of_port_pirie_give_the_published_law_and_levels) {
  // Coles (2001), table 1.1 and section 3.4.1: 65 annual maxima, m. Maximum likelihood: 3.87, 0.198, -0.050 (to more digits by R's ismev, his own program:
  // 3.8747, 0.1980, -0.0501), 10-year level 4.30 with 95 % bounds 4.19 and 4.41, 100-year level 4.69 with 4.38 and 5.00.
  const std::vector<double> x{4.03, 3.83, 3.65, 3.88, 4.01, 4.08, 4.18, 3.80, 4.36, 3.96, 3.98, 4.69, 3.85, 3.96, 3.85, 3.93, 3.75,
                              3.63, 3.57, 4.25, 3.97, 4.05, 4.24, 4.22, 3.73, 4.37, 4.06, 3.71, 3.96, 4.06, 4.55, 3.79, 3.89, 4.11,
                              3.85, 3.86, 3.86, 4.21, 4.01, 4.11, 4.24, 3.96, 4.21, 3.74, 3.85, 3.88, 3.66, 4.11, 3.71, 4.18, 3.90,
                              3.78, 3.91, 3.72, 4.00, 3.66, 3.62, 4.33, 4.55, 3.75, 4.08, 3.90, 3.88, 3.94, 4.33};
  const Gev g = fit_gev(x, GevMethod::likelihood);
  BOOST_TEST(near(g.location, 3.8747, 2e-3), g.location);
  BOOST_TEST(near(g.scale, 0.1980, 2e-3), g.scale);
  BOOST_TEST(near(g.shape, -0.0501, 5e-3), g.shape);
  const ReturnLevel ten = return_level_delta(x, g, 10, 0.95), hundred = return_level_delta(x, g, 100, 0.95);
  BOOST_TEST((near(ten.value, 4.30, 0.006) && near(ten.low, 4.19, 0.006) && near(ten.high, 4.41, 0.006)), ten.low << " " << ten.value << " " << ten.high);
  BOOST_TEST((near(hundred.value, 4.69, 0.01) && near(hundred.low, 4.38, 0.01) && near(hundred.high, 5.00, 0.02)), hundred.low << " " << hundred.high);
  // L-moments with the shape from the equation itself, solved by bisection elsewhere: 3.87315, 0.20322, -0.05121.
  const Gev l = fit_gev(x, GevMethod::l_moments);
  BOOST_TEST(near(l.location, 3.87315, 1e-4), l.location);
  BOOST_TEST(near(l.scale, 0.20322, 1e-4), l.scale);
  BOOST_TEST(near(l.shape, -0.05121, 9e-4), l.shape);
}

BOOST_AUTO_TEST_CASE(maximum_likelihood_is_at_least_as_likely_as_l_moments) {
  const std::vector<double> x = drawn(Gev{80, 25, 0.1}, 40);
  const auto log_likelihood = [&](const Gev& g) {
    double sum = 0;
    for (const double v : x) sum += g.log_density(v);
    return sum;
  };
  BOOST_TEST(log_likelihood(fit_gev(x, GevMethod::likelihood)) >= log_likelihood(fit_gev(x, GevMethod::l_moments)));
}

BOOST_AUTO_TEST_CASE(units_do_not_change_the_answer) {
  std::vector<double> x = drawn(Gev{80, 25, 0.1}, 60), y;
  for (const double v : x) y.push_back(10 * v + 3);
  for (const GevMethod method : {GevMethod::l_moments, GevMethod::likelihood})
    BOOST_TEST(near(return_level(fit_gev(y, method), 50), 10 * return_level(fit_gev(x, method), 50) + 3, 0.05));
}

BOOST_AUTO_TEST_CASE(records_that_say_nothing_are_refused) {
  BOOST_CHECK_THROW(fit_gev(std::vector<double>(9, 1.0), GevMethod::l_moments), Error);
  BOOST_CHECK_THROW(fit_gev(std::vector<double>(30, 1.0), GevMethod::l_moments), Error);
}

BOOST_AUTO_TEST_CASE(events_are_parted_by_dry_steps_and_not_by_gaps) {
  const double nan = std::nan("");
  const std::vector<double> x{0, 5, 7, 0, 6, 0, 0, 0, 9, nan, nan, nan, 8, 0, 0, 0, 5};
  const auto two = decluster(x, 4, 2);
  BOOST_REQUIRE(two.size() == 3U);
  BOOST_TEST(two[0].index == 2U);
  BOOST_TEST(two[1].index == 8U);
  BOOST_TEST(two[2].index == 16U);
  BOOST_TEST(decluster(x, 4, 1).size() == 4U);
  BOOST_TEST(decluster(x, 100, 1).empty());
}

BOOST_AUTO_TEST_CASE(peaks_over_threshold_find_the_law_and_its_return_levels) {
  const Gpd truth{30, 10, 0.15, 4};
  std::vector<Peak> peaks;
  for (const double v : drawn(truth, 4000)) peaks.push_back({peaks.size(), v});
  for (const GpdMethod method : {GpdMethod::l_moments, GpdMethod::likelihood}) {
    const Gpd g = fit_gpd(peaks, 30, 1000, method);
    BOOST_TEST(near(g.rate, 4, 1e-12));
    BOOST_TEST(near(g.scale, 10, 0.6), g.scale);
    BOOST_TEST(near(g.shape, 0.15, 0.05), g.shape);
    BOOST_TEST(near(return_level(g, 50) / return_level(truth, 50), 1, 0.08));
  }
  // Exponential by hand: once in 25 years with 4 peaks a year is the excess with chance 1/100.
  BOOST_TEST(near(return_level(Gpd{30, 10, 0, 4}, 25), 30 + 10 * std::log(100.0), 1e-9));
  BOOST_CHECK_THROW(return_level(Gpd{30, 10, 0, 0.1}, 5), Error);
  BOOST_CHECK_THROW(fit_gpd(std::span<const Peak>(peaks).first(5), 30, 10, GpdMethod::likelihood), Error);
}

BOOST_AUTO_TEST_CASE(ninety_percent_bounds_hold_the_truth_about_that_often) {
  const Gev truth{100, 30, 0.05};
  const double level = return_level(truth, 20);
  int delta = 0, bootstrap = 0;
  constexpr int kTrials = 100;
  const std::vector<double> years{20};
  for (std::uint32_t trial = 0; trial < kTrials; ++trial) {
    const std::vector<double> x = drawn(truth, 60, 1000 + trial);
    const ReturnLevel d = return_level_delta(x, fit_gev(x, GevMethod::likelihood), 20, 0.9);
    delta += d.low <= level && level <= d.high ? 1 : 0;
    const ReturnLevel b = return_levels_bootstrap(fit_gev(x, GevMethod::l_moments), GevMethod::l_moments, 60, years, 0.9, 200, trial)[0];
    bootstrap += b.low <= level && level <= b.high ? 1 : 0;
  }
  BOOST_TEST_MESSAGE("of 100 records of 60 years, 90 % bounds of the 20-year level held it " << delta << " (delta) and " << bootstrap << " (bootstrap) times");
  BOOST_TEST((delta >= 78 && delta <= 99), delta);
  BOOST_TEST((bootstrap >= 78 && bootstrap <= 99), bootstrap);
}

BOOST_AUTO_TEST_CASE(bootstrap_is_the_same_for_any_number_of_threads) {
  const std::vector<double> years{5, 100};
  const auto with = [&](int threads) {
    set_num_threads(threads);
    return return_levels_bootstrap(Gev{10, 2, 0.1}, GevMethod::l_moments, 40, years, 0.9, 100, 3);
  };
  const auto one = with(1), four = with(4);
  set_num_threads(0);
  for (std::size_t k = 0; k < 2; ++k) {
    BOOST_TEST(one[k].low == four[k].low);
    BOOST_TEST(one[k].high == four[k].high);
    BOOST_TEST((one[k].low < one[k].value && one[k].value < one[k].high));
  }
}

BOOST_AUTO_TEST_CASE(anderson_darling_is_the_one_made_by_hand_and_rejects_the_wrong_law) {
  // Two values at 1/4 and 3/4: -2 - (1/2)(1 (ln 1/4 + ln 1/4) + 3 (ln 3/4 + ln 3/4)).
  BOOST_TEST(near(anderson_darling(std::vector<double>{0.75, 0.25}), -2 - (std::log(0.25) + 3 * std::log(0.75)), 1e-12));
  BOOST_TEST(std::isinf(anderson_darling(std::vector<double>{0.5, 1.0})));
  const std::vector<double> right = drawn(Gev{10, 2, 0.1}, 100);
  std::vector<double> wrong;  // two hazards with nothing between them
  for (std::size_t k = 0; k < 100; ++k) wrong.push_back((k % 3 != 0 ? 10 : 30) + 0.01 * static_cast<double>(k));
  BOOST_TEST(goodness(right, fit_gev(right, GevMethod::l_moments), GevMethod::l_moments, 100, 1).share_worse > 0.05);
  BOOST_TEST(goodness(wrong, fit_gev(wrong, GevMethod::l_moments), GevMethod::l_moments, 100, 1).share_worse < 0.05);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
