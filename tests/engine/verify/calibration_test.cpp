#include "engine/verify/calibration.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace guyu;

namespace {
double chance(double x) { return 1 / (1 + std::exp(-x)); }

// Forecasts of k / 24 whose true chance is chance(a + b logit(p) + offset of the region).
std::vector<CalibrationCase> simulate(std::size_t n, double a, double b, const std::vector<double>& offsets, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<CalibrationCase> cases;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t region = k % offsets.size();
    const double p = (1 + std::floor(23 * uniform(random))) / 24;
    const double truth = chance(a + b * std::log(p / (1 - p)) + offsets[region]);
    cases.push_back({region, static_cast<float>(p), uniform(random) < truth, k * 10 / n});
  }
  return cases;
}
const std::vector<double> kAlike(5, 0.0);
const CalibrationMethod kMethods[] = {CalibrationMethod::logistic, CalibrationMethod::isotonic};
}  // namespace

BOOST_AUTO_TEST_SUITE(calibration)

BOOST_AUTO_TEST_CASE(a_known_fault_is_found) {
  const auto cases = simulate(40'000, -0.7, 0.5, kAlike);
  const Calibration logistic = fit_calibration(cases, 5, CalibrationMethod::logistic);
  BOOST_TEST(std::fabs(logistic.intercept + 0.7) < 0.05);
  BOOST_TEST(std::fabs(logistic.slope - 0.5) < 0.03);
  for (const CalibrationMethod m : kMethods) {
    const Calibration c = fit_calibration(cases, 5, m);
    for (int k = 2; k <= 22; k += 4) {
      const double p = k / 24.0, truth = chance(-0.7 + 0.5 * std::log(p / (1 - p)));
      BOOST_TEST(std::fabs(static_cast<double>(c(0, static_cast<float>(p))) - truth) < 0.05, "p " << p);
    }
    const CalibrationGain gain = calibration_gain(cases, 5, m);
    BOOST_TEST(gain.blocks == 10U);
    BOOST_TEST(gain.brier_after < gain.brier_before - 0.01);
  }
}

BOOST_AUTO_TEST_CASE(what_is_right_already_stays) {
  const auto cases = simulate(40'000, 0, 1, kAlike);
  for (const CalibrationMethod m : kMethods) {
    const Calibration c = fit_calibration(cases, 5, m);
    for (const float p : {0.1F, 0.3F, 0.5F, 0.8F}) BOOST_TEST(std::fabs(c(1, p) - p) < 0.04F);
  }
}

// Least squares among non-decreasing fits of a few values, by trying all ways of pooling neighbours.
std::vector<double> best_monotone(const std::vector<double>& y) {
  const std::size_t n = y.size();
  double least = 1e300;
  std::vector<double> best;
  for (unsigned cuts = 0; cuts < 1U << (n - 1); ++cuts) {
    std::vector<double> fit;
    for (std::size_t k = 0; k < n;) {
      std::size_t end = k + 1;
      while (end < n && !(cuts >> (end - 1) & 1U)) ++end;
      double mean = 0;
      for (std::size_t i = k; i < end; ++i) mean += y[i] / static_cast<double>(end - k);
      for (; k < end; ++k) fit.push_back(mean);
    }
    double error = 0;
    bool rises = true;
    for (std::size_t k = 0; k < n; ++k) {
      error += (fit[k] - y[k]) * (fit[k] - y[k]);
      rises = rises && (k == 0 || fit[k] >= fit[k - 1] - 1e-12);
    }
    if (rises && error < least) least = error, best = fit;
  }
  return best;
}

BOOST_AUTO_TEST_CASE(isotonic_steps_are_those_of_least_squares) {
  // So many cases at each of six probabilities that the prior weighs nothing.
  const std::vector<double> share{0.1, 0.4, 0.2, 0.6, 0.5, 0.9};
  std::vector<CalibrationCase> cases;
  constexpr int each = 200'000;
  for (std::size_t k = 0; k < share.size(); ++k)
    for (int i = 0; i < each; ++i) cases.push_back({0, 0.05F + 0.18F * static_cast<float>(k), i < share[k] * each, 0});
  Calibration c = fit_calibration(cases, 0, CalibrationMethod::isotonic);
  const std::vector<double> wanted = best_monotone(share);
  // At the steps' own mean probabilities the curve has the steps' values.
  BOOST_TEST(std::fabs(static_cast<double>(c(0, 0.05F)) - wanted[0]) < 0.01);
  BOOST_TEST(std::fabs(static_cast<double>(c(0, 0.32F)) - wanted[1]) < 0.01);
  BOOST_TEST(std::fabs(static_cast<double>(c(0, 0.68F)) - wanted[3]) < 0.01);
  BOOST_TEST(std::fabs(static_cast<double>(c(0, 0.95F)) - wanted[5]) < 0.01);
}

BOOST_AUTO_TEST_CASE(a_region_is_believed_the_more_the_more_cases_it_has) {
  std::vector<double> offsets{1.5, -1.5, 0.5, -0.5, 1, -1};
  auto cases = simulate(60'000, 0, 1, offsets, 3);
  const Calibration much = fit_calibration(cases, 7, CalibrationMethod::logistic);
  for (std::size_t r = 0; r < offsets.size(); ++r) BOOST_TEST(std::fabs(static_cast<double>(much.offsets[r]) - offsets[r]) < 0.15);
  BOOST_TEST(much.offsets[6] == 0.0F);  // no case
  BOOST_TEST(std::fabs(much(6, 0.4F) - 0.4F) < 0.05F);
  // The same first region with fewer and fewer cases.
  float before = much.offsets[0];
  for (const std::size_t keep : {100U, 20U, 4U}) {
    std::vector<CalibrationCase> fewer;
    std::size_t seen = 0;
    for (const CalibrationCase& c : cases) {
      if (c.region == 0 && ++seen > keep) continue;
      fewer.push_back(c);
    }
    const float now = fit_calibration(fewer, 7, CalibrationMethod::logistic).offsets[0];
    BOOST_TEST(now < before + 0.35F);
    BOOST_TEST(std::fabs(now) < 2.0F);
    before = std::max(now, 0.0F);
  }
}

BOOST_AUTO_TEST_CASE(regions_that_differ_by_chance_alone_are_pooled) {
  const Calibration c = fit_calibration(simulate(4'000, 0, 1, std::vector<double>(40, 0.0), 5), 40, CalibrationMethod::logistic);
  for (const float x : c.offsets) BOOST_TEST(std::fabs(x) < 0.35F);
}

BOOST_AUTO_TEST_CASE(few_or_one_sided_cases_change_little_and_say_so) {
  for (const CalibrationMethod m : kMethods) {
    const Calibration none = fit_calibration({}, 3, m);
    BOOST_TEST(!none.note.empty());
    for (const float p : {0.0F, 0.1F, 0.5F, 0.9F, 1.0F}) BOOST_TEST(none(0, p) == p);
    const std::vector<CalibrationCase> one{{0, 0.5F, true, 0}};
    BOOST_TEST(std::fabs(fit_calibration(one, 3, m)(1, 0.5F) - 0.5F) < 0.1F);
    std::vector<CalibrationCase> never;
    for (int k = 0; k < 1000; ++k) never.push_back({0, static_cast<float>(k % 25) / 24, false, 0});
    const Calibration c = fit_calibration(never, 3, m);
    BOOST_TEST(!c.note.empty());
    for (const float p : {0.0F, 0.5F, 1.0F}) BOOST_TEST((c(0, p) > 0 && c(0, p) < 1));
    BOOST_TEST(std::isnan(calibration_gain(never, 3, m).brier_after));  // one block
  }
}

BOOST_AUTO_TEST_CASE(curves_never_fall_and_unknown_stays_unknown) {
  for (const CalibrationMethod m : kMethods) {
    const Calibration c = fit_calibration(simulate(300, 1, -0.4, {0.3, -0.8}, 9), 2, m);  // a forecast that is worse than none
    for (const std::size_t r : {0U, 1U, 7U})
      for (int k = 1; k <= 100; ++k) BOOST_TEST_REQUIRE(c(r, static_cast<float>(k) / 100) >= c(r, static_cast<float>(k - 1) / 100) - 1e-6F);
    BOOST_TEST(std::isnan(c(0, std::numeric_limits<float>::quiet_NaN())));
  }
  std::vector<CalibrationCase> cases = simulate(500, 0, 1, kAlike);
  const Calibration with = fit_calibration(cases, 5, CalibrationMethod::logistic);
  cases.push_back({0, std::numeric_limits<float>::quiet_NaN(), true, 0});
  BOOST_TEST(fit_calibration(cases, 5, CalibrationMethod::logistic).slope == with.slope);
}

BOOST_AUTO_TEST_SUITE_END()
