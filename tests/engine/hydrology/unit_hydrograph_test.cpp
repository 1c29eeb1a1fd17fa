#include "engine/hydrology/unit_hydrograph.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "engine/core/error.h"

namespace guyu {

BOOST_AUTO_TEST_SUITE(unit_hydrograph)

BOOST_AUTO_TEST_CASE(one_reservoir_is_the_exponential_made_by_hand) {
  // Mean over the first step of 1 - exp(-t/k), k = 2 h, step 1 h: 1 - 2 (1 - exp(-1/2)).
  const auto u = nash_unit_hydrograph(1, 2, 1);
  BOOST_TEST(std::abs(u[0] - (1 - 2 * (1 - std::exp(-0.5)))) < 1e-12);
  BOOST_TEST(std::abs(u[2] / u[1] - std::exp(-0.5)) < 1e-12);
}

BOOST_AUTO_TEST_CASE(all_water_comes_out_after_reservoirs_times_k) {
  for (const double n : {0.7, 1.0, 2.5, 6.0}) {
    for (const double k : {0.5, 5.0, 40.0}) {
      const auto u = nash_unit_hydrograph(n, k, 1);
      double sum = 0, lag = 0;
      for (std::size_t m = 0; m < u.size(); ++m) {
        BOOST_TEST_REQUIRE(u[m] >= 0);
        sum += u[m], lag += u[m] * static_cast<double>(m);  // from the middle of the rain's step
      }
      BOOST_TEST(std::abs(sum - 1) < 1e-12);
      BOOST_TEST(std::abs(lag - n * k) < 0.01 * n * k + 0.01, n << " " << k << ": " << lag);
    }
  }
  BOOST_CHECK_THROW(nash_unit_hydrograph(0, 1, 1), Error);
}

BOOST_AUTO_TEST_CASE(convolution_keeps_mass_and_missing) {
  const std::vector<double> unit{0.5, 0.3, 0.2}, rain{10, 0, 4};
  const auto flow = convolve(rain, unit, true);
  const std::vector<double> expected{5, 3, 2 + 2, 1.2, 0.8};
  BOOST_REQUIRE(flow.size() == expected.size());
  for (std::size_t k = 0; k < flow.size(); ++k) BOOST_TEST(std::abs(flow[k] - expected[k]) < 1e-12);
  const auto gap = convolve(std::vector<double>{1, std::nan(""), 1, 1, 1}, unit);
  BOOST_TEST(gap[0] == 0.5);
  BOOST_TEST(std::isnan(gap[3]));
  BOOST_TEST(!std::isnan(gap[4]));
  BOOST_TEST(std::abs(discharge_m3_s(3.6, 10, 1) - 10) < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
