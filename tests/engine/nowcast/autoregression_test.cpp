#include "engine/nowcast/autoregression.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "hpc/parallel/random.h"

using namespace guyu;
namespace {

// Of the process itself, from its definition.
struct Simulated {
  double variance = 0, r1 = 0, r2 = 0;
};
Simulated simulate(const Autoregression& a, int n) {
  std::vector<double> x{0, 0};
  for (int k = 0; k < n + 2000; ++k) {
    const double z = RandomStream{3, 1, 0, 0}.normals(static_cast<std::uint32_t>(k))[0];
    x.push_back(a.phi1 * x[x.size() - 1] + a.phi2 * x[x.size() - 2] + a.innovation * z);
  }
  Simulated s;
  double c0 = 0, c1 = 0, c2 = 0;
  for (std::size_t k = 2002; k < x.size(); ++k) {
    c0 += x[k] * x[k];
    c1 += x[k] * x[k - 1];
    c2 += x[k] * x[k - 2];
  }
  s.variance = c0 / n;
  s.r1 = c1 / c0;
  s.r2 = c2 / c0;
  return s;
}

std::array<std::complex<double>, 2> roots(const Autoregression& a) {
  const std::complex<double> d = std::sqrt(std::complex<double>(a.phi1 * a.phi1 + 4 * a.phi2));
  return {0.5 * (a.phi1 + d), 0.5 * (a.phi1 - d)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(autoregression)

BOOST_AUTO_TEST_CASE(the_correlation_falls_as_its_law_says) {
  const Decorrelation plain{1200, 1}, stretched{600, 0.5};
  BOOST_TEST(std::fabs(plain.at(1200) - std::exp(-1)) < 1e-12);
  BOOST_TEST(std::fabs(plain.at(300) - std::exp(-0.25)) < 1e-12);
  BOOST_TEST(std::fabs(stretched.at(2400) - std::exp(-2)) < 1e-12);
  BOOST_TEST(plain.at(0) == 1);
  BOOST_TEST(plain.at(-5) == 1);
  BOOST_TEST(Decorrelation{}.at(1) == 0);
  BOOST_TEST(Decorrelation{}.at(0) == 1);
}

BOOST_AUTO_TEST_CASE(the_law_of_exact_correlations_is_found_again) {
  for (const double life : {200.0, 1200.0, 20'000.0}) {
    for (const double shape : {0.4, 0.7, 1.0, 1.5, 1.9}) {
      const Decorrelation truth{life, shape};
      const std::vector<double> lags{300, 600, 900, 1200};
      std::vector<double> r;
      bool clear = true;  // of the bounds, beyond which nothing can be found again
      for (const double lag : lags) {
        r.push_back(truth.at(lag));
        clear = clear && r.back() > 0.001 && r.back() < 0.999;
      }
      const Decorrelation found = fit_decorrelation(lags, r);
      if (clear) {
        BOOST_TEST(std::fabs(found.life / life - 1) < 1e-9);
        BOOST_TEST(std::fabs(found.shape - shape) < 1e-9);
      }
      BOOST_TEST((found.shape >= 0.3 && found.shape <= 2.0));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_lag_alone_gives_an_exponential_through_it) {
  const Decorrelation d = fit_decorrelation(std::vector<double>{300}, std::vector<double>{0.8});
  BOOST_TEST(d.shape == 1);
  BOOST_TEST(std::fabs(d.at(300) - 0.8) < 1e-12);
  const Decorrelation twice = fit_decorrelation(std::vector<double>{300, 300}, std::vector<double>{0.8, 0.8});
  BOOST_TEST(twice.shape == 1);
  BOOST_TEST(std::fabs(twice.at(300) - 0.8) < 1e-12);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_left_out) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Decorrelation d = fit_decorrelation(std::vector<double>{0, -300, 300, 600, nan}, std::vector<double>{1, 0.9, 0.8, nan, 0.5});
  BOOST_TEST(std::fabs(d.at(300) - 0.8) < 1e-12);
  for (const Decorrelation& none : {fit_decorrelation({}, {}), fit_decorrelation(std::vector<double>{300}, std::vector<double>{nan})}) {
    BOOST_TEST(none.life == 0);
    BOOST_TEST(none.at(1) == 0);
  }
}

BOOST_AUTO_TEST_CASE(any_correlations_give_a_law_with_finite_numbers) {
  for (const double a : {-1.0, 0.0, 0.0005, 0.5, 1.0, 1.5}) {
    for (const double b : {-1.0, 0.0, 0.5, 0.9999, 1.0}) {
      for (const double lag : {1e-3, 299.0, 301.0, 1e7}) {
        const Decorrelation d = fit_decorrelation(std::vector<double>{300, lag}, std::vector<double>{a, b});
        BOOST_TEST((std::isfinite(d.life) && d.life > 0 && d.shape >= 0.3 && d.shape <= 2.0));
        BOOST_TEST((d.at(300) >= 0 && d.at(300) <= 1));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(memory_of_first_order_has_variance_one_and_its_correlation) {
  for (const double r : {0.0, 0.3, 0.9}) {
    const Autoregression a = first_order(r);
    const Simulated s = simulate(a, 400'000);
    BOOST_TEST(std::fabs(s.variance - 1) < 0.05);
    BOOST_TEST(std::fabs(s.r1 - r) < 0.01);
  }
  BOOST_TEST(first_order(-0.4).phi1 == 0);
  BOOST_TEST(first_order(-0.4).innovation == 1);
  BOOST_TEST(first_order(1).innovation > 0);
}

BOOST_AUTO_TEST_CASE(memory_of_second_order_has_variance_one_and_both_correlations_where_none_was_moved) {
  for (const auto& [r1, r2] : std::vector<std::array<double, 2>>{{0.5, 0.4}, {0.8, 0.7}, {0.9, 0.81}, {0.8, 0.63}, {0.3, 0.3}}) {
    const Autoregression a = second_order(r1, r2, 1);
    const Simulated s = simulate(a, 400'000);
    BOOST_TEST(std::fabs(s.variance - 1) < 0.06, r1 << ", " << r2);
    BOOST_TEST(std::fabs(s.r1 - r1) < 0.012, r1 << ", " << r2);
    BOOST_TEST(std::fabs(s.r2 - r2) < 0.015, r1 << ", " << r2);
  }
}

BOOST_AUTO_TEST_CASE(exponential_correlations_have_memory_of_one_step) {
  for (const double r : {0.05, 0.5, 0.9, 0.999}) {
    const Autoregression a = second_order(r, r * r, 0.8);
    BOOST_TEST(std::fabs(a.phi1 - r) < 1e-10);
    BOOST_TEST(std::fabs(a.phi2) < 1e-10);
    BOOST_TEST(std::fabs(a.innovation - std::sqrt(1 - r * r)) < 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(every_pair_of_correlations_gives_a_stationary_process_of_variance_one) {
  for (int i = -4; i <= 44; ++i) {
    for (int k = -4; k <= 44; ++k) {
      for (const double trend : {0.0, 0.3, 0.78, 0.999}) {
        const double r1 = i / 40.0, r2 = k / 40.0;
        const Autoregression a = second_order(r1, r2, trend);
        BOOST_TEST_REQUIRE((std::isfinite(a.phi1) && std::isfinite(a.phi2) && a.innovation >= 0 && a.innovation <= 1));
        for (const auto& z : roots(a)) BOOST_TEST_REQUIRE(std::abs(z) < 1, r1 << ", " << r2 << ", " << trend);
        // The first correlation is kept; with the second of the process itself the variance is 1.
        const double r = std::clamp(r1, 0.0, 0.9999);
        BOOST_TEST_REQUIRE(std::fabs(a.phi1 * 1 + a.phi2 * r - r) < 1e-9);
        const double rho2 = a.phi1 * r + a.phi2;
        BOOST_TEST_REQUIRE(std::fabs(a.innovation * a.innovation + a.phi1 * r + a.phi2 * rho2 - 1) < 1e-9);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_structure_fades_without_changing_its_sign) {
  for (int i = 0; i <= 40; ++i) {
    for (int k = 0; k <= i; ++k) {
      const Autoregression a = second_order(i / 40.0, k / 40.0, 0.8);
      double before = 0, now = 1;
      for (int step = 0; step < 200; ++step) {
        const double next = a.phi1 * now + a.phi2 * before;
        before = now;
        now = next;
        BOOST_TEST_REQUIRE(now > -1e-12, i / 40.0 << ", " << k / 40.0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_more_of_a_trend_is_left_after_a_step_than_allowed) {
  for (const double r1 : {0.5, 0.9, 0.99, 0.9999}) {
    for (const double trend : {0.1, 0.5, 0.78}) {
      const Autoregression a = second_order(r1, 0.0, trend);
      const auto z = roots(a);
      BOOST_TEST(std::fabs(z[0].imag()) < 1e-9);
      BOOST_TEST(z[1].real() <= trend + 1e-9);
      BOOST_TEST(z[0].real() >= z[1].real() - 1e-9);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
