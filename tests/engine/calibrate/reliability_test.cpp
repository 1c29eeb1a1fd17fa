#include "engine/calibrate/reliability.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

const std::vector<double> kThresholds{1, 5};

// Ten members that are far too sure: where a share p of them reaches 1 mm, it comes with probability 0.2 + 0.4 p; 5 mm come to a third of that.
ReliabilityCases sure_members(std::size_t n) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> any(0, 10);
  std::uniform_real_distribution<double> chance(0, 1);
  ReliabilityCases all;
  for (std::size_t k = 0; k < n; ++k) {
    const int reach = any(random);
    const double p = 0.2 + 0.04 * reach, u = chance(random);
    const float came = u < p / 3 ? 6.0F : u < p ? 2.0F : 0.0F;
    all.cases.push_back({0.2F * static_cast<float>(reach), 0.5F, came, k % 20});
    all.shares.push_back(0.1F * static_cast<float>(reach));
    all.shares.push_back(0.05F * static_cast<float>(reach));
  }
  return all;
}

std::vector<float> members_with(int reaching) {
  std::vector<float> members(10, 0.0F);
  for (int m = 0; m < reaching; ++m) members[static_cast<std::size_t>(m)] = 2;
  return members;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(calibrated_probabilities)

BOOST_AUTO_TEST_CASE(probabilities_become_what_they_were_worth) {
  const Reliability r = fit_reliability(sure_members(20000), kThresholds, ProbabilitySource::members, Family::censored_logistic);
  BOOST_TEST(r.cases == 20000);
  BOOST_TEST(r.blocks == 20);
  const ReliabilityCurves curves(r);
  std::vector<float> p(2);
  for (int reaching = 0; reaching <= 10; ++reaching) {
    curves(members_with(reaching), p);
    // 1800 cases a class: a standard deviation of 0.012.
    BOOST_TEST(std::abs(static_cast<double>(p[0]) - (0.2 + 0.04 * reaching)) < 0.045);
    BOOST_TEST(p[1] <= p[0]);
  }
}

// What is measured on blocks left out: of members so sure the reliability term is the mean of (p - 0.2 - 0.4 p)^2 over 0, 0.1, ..., 1.
BOOST_AUTO_TEST_CASE(the_reliability_term_falls_on_blocks_left_out_to_what_sampling_leaves) {
  const Reliability r = fit_reliability(sure_members(20000), kThresholds, ProbabilitySource::members, Family::censored_logistic);
  double expected = 0;
  for (int k = 0; k <= 10; ++k) expected += std::pow(0.6 * 0.1 * k - 0.2, 2) / 11;
  BOOST_TEST(r.events[0].reliability_before == expected, boost::test_tools::tolerance(0.1));
  BOOST_TEST(r.events[0].reliability_after < 0.02 * r.events[0].reliability_before);
  BOOST_TEST(r.events[0].brier_after < r.events[0].brier_before);
}

// A forecast without members says 0 or 1: its calibration is the frequency after each, by hand.
BOOST_AUTO_TEST_CASE(a_single_forecast_becomes_two_frequencies) {
  ReliabilityCases all;
  for (std::size_t k = 0; k < 1000; ++k) {
    const bool said = k % 4 == 0, came = said ? k % 8 == 0 : k % 10 == 1;
    all.cases.push_back({said ? 2.0F : 0.0F, 0, came ? 3.0F : 0.0F, k / 100});
    all.shares.push_back(said ? 1.0F : 0.0F);
  }
  const Reliability r = fit_reliability(all, std::vector<double>{1}, ProbabilitySource::members, Family::censored_logistic);
  const ReliabilityCurves curves(r);
  std::vector<float> p(1);
  curves(std::vector<float>{2}, p);
  BOOST_TEST(p[0] == 0.5F, boost::test_tools::tolerance(5e-3F));  // 125 of 250
  curves(std::vector<float>{0}, p);
  BOOST_TEST(p[0] == 100.0F / 750.0F, boost::test_tools::tolerance(5e-3F));  // 1, 11, 21, ... of those that are no fourth
}

BOOST_AUTO_TEST_CASE(a_distribution_is_fitted_to_the_archive_and_each_fold_fits_its_own) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal(0, 1);
  ReliabilityCases all;
  for (std::size_t k = 0; k < 6000; ++k) {
    const double forecast = 10 + 4 * normal(random);
    all.cases.push_back({static_cast<float>(forecast), 0, static_cast<float>(forecast + 2 * normal(random)), k % 12});
  }
  const std::vector<double> thresholds{8, 12};
  const Reliability r = fit_reliability(all, thresholds, ProbabilitySource::distribution, Family::normal);
  const ReliabilityCurves curves(r);
  std::vector<float> p(2);
  curves(std::vector<float>{12}, p);
  // Normal with 2 about 12: P(>= 8) = 0.977, P(>= 12) = 0.5.
  BOOST_TEST(std::abs(static_cast<double>(p[0]) - 0.977) < 0.03);
  BOOST_TEST(std::abs(static_cast<double>(p[1]) - 0.5) < 0.05);
  BOOST_TEST(r.events[0].reliability_before < 0.01);  // a right distribution leaves little to mend
  BOOST_TEST(r.events[0].reliability_after < 0.005);
}

// Probabilities that are right, in blocks of weather that go their own ways: 300 cases of a block share a shift of what comes.
BOOST_AUTO_TEST_CASE(probabilities_that_are_right_are_left_nearly_as_they_are) {
  double before = 0, after = 0, lost = 0, trust = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> chance(0, 1);
    std::normal_distribution<double> shift(0, 0.08);
    ReliabilityCases all;
    for (std::size_t block = 0; block < 4; ++block) {
      const double of_block = shift(random);
      for (std::size_t k = 0; k < 3000; ++k) {
        const double p = 0.1 * std::floor(chance(random) * 11);
        const bool came = chance(random) < p + of_block * p * (1 - p) * 4;
        all.cases.push_back({0, 0.5F, came ? 2.0F : 0.0F, block});
        all.shares.push_back(static_cast<float>(p));
      }
    }
    const Reliability r = fit_reliability(all, std::vector<double>{1}, ProbabilitySource::members, Family::normal);
    before += r.events[0].reliability_before, after += r.events[0].reliability_after, trust += r.events[0].trust;
    lost += (r.events[0].brier_after - r.events[0].brier_before) / 20;
  }
  BOOST_TEST_MESSAGE("reliability term " << before / 20 << " before, " << after / 20 << " after; Brier score " << lost << " worse");
  BOOST_TEST(after < 1.1 * before);
  BOOST_TEST(lost < 0.0005);  // believed in full the tables lose 0.0008
  BOOST_TEST(trust / 20 < 0.5);
}

BOOST_AUTO_TEST_CASE(what_all_blocks_agree_on_is_believed) {
  const Reliability r = fit_reliability(sure_members(20000), kThresholds, ProbabilitySource::members, Family::censored_logistic);
  BOOST_TEST(r.events[0].trust > 0.95);
}

BOOST_AUTO_TEST_CASE(thresholds_rise_whatever_order_they_come_in) {
  ReliabilityCases turned = sure_members(5000), straight = turned;
  for (std::size_t k = 0; k < turned.cases.size(); ++k) std::swap(turned.shares[2 * k], turned.shares[2 * k + 1]);
  const Reliability a = fit_reliability(straight, kThresholds, ProbabilitySource::members, Family::normal),
                    b = fit_reliability(turned, std::vector<double>{5, 1}, ProbabilitySource::members, Family::normal);
  BOOST_REQUIRE(b.events.size() == 2);
  for (std::size_t t = 0; t < 2; ++t) {
    BOOST_TEST(a.events[t].threshold == b.events[t].threshold);
    BOOST_TEST(a.events[t].reliability_after == b.events[t].reliability_after);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_known_has_no_probability_and_too_few_cases_change_nothing) {
  ReliabilityCases few = sure_members(60);
  few.cases[3].observed = std::nanf("");
  few.shares[8] = std::nanf("");
  const Reliability r = fit_reliability(few, kThresholds, ProbabilitySource::members, Family::normal);
  BOOST_TEST(r.cases == 58);
  const ReliabilityCurves curves(r);
  std::vector<float> p(2);
  std::vector<float> members = members_with(7);
  curves(members, p);
  BOOST_TEST(p[0] == 0.7F);
  members[4] = std::nanf("");
  curves(members, p);
  BOOST_TEST((std::isnan(p[0]) && std::isnan(p[1])));
  BOOST_CHECK_THROW(fit_reliability(few, {}, ProbabilitySource::members, Family::normal), Error);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_fits_the_same) {
  const ReliabilityCases all = sure_members(5000);
  set_num_threads(1);
  const Reliability one = fit_reliability(all, kThresholds, ProbabilitySource::distribution, Family::censored_logistic);
  set_num_threads(3);
  const Reliability three = fit_reliability(all, kThresholds, ProbabilitySource::distribution, Family::censored_logistic);
  set_num_threads(0);
  for (std::size_t t = 0; t < 2; ++t) {
    BOOST_TEST(one.events[t].reliability_after == three.events[t].reliability_after);
    BOOST_TEST(one.events[t].brier_after == three.events[t].brier_after);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
