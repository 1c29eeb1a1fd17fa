#include "engine/gauge/variogram.h"

#include <boost/test/unit_test.hpp>

#include "engine/gauge/merge_model.h"
#include "tests/engine/gauge/gauge_case.h"

using namespace guyu;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(variogram)

BOOST_AUTO_TEST_CASE(the_spherical_model_is_that_of_the_books) {
  const Variogram v{20, 0.2};
  BOOST_TEST(v.covariance(0) == 0.8, tt::tolerance(1e-12));
  BOOST_TEST(v.covariance(100) == 0.8 * (1 - 0.75 + 0.0625), tt::tolerance(1e-12));  // half of the range
  BOOST_TEST(v.covariance(400) == 0.0);
}

BOOST_AUTO_TEST_CASE(discs_of_rain_have_a_range_about_their_size_and_noise_is_nugget) {
  // Sums of indicator functions of balls of diameter a have the spherical model of range a, for balls; discs are close to it.
  const auto discs = [](std::int64_t j, std::int64_t i) {
    double sum = 0;
    for (std::uint64_t k = 0; k < 150; ++k) {
      const double dj = 120 * test::scatter(2 * k) - 10 - static_cast<double>(j), di = 120 * test::scatter(2 * k + 1) - 10 - static_cast<double>(i);
      sum += dj * dj + di * di < 12 * 12 ? 1 : 0;  // 24 cells of about 1 km across
    }
    return sum;
  };
  const auto smooth = radar_variogram(test::radar_field(100, 100, discs));
  BOOST_REQUIRE(smooth.has_value());
  BOOST_TEST(smooth->range_km > 14);
  BOOST_TEST(smooth->range_km < 36);
  BOOST_TEST(smooth->nugget < 0.15);
  const auto noisy =
      radar_variogram(test::radar_field(100, 100, [&](auto j, auto i) { return discs(j, i) + 12 * test::scatter(static_cast<std::uint64_t>(1000 * j + i)); }));
  BOOST_REQUIRE(noisy.has_value());
  BOOST_TEST(noisy->nugget > smooth->nugget);
}

BOOST_AUTO_TEST_CASE(dry_or_few_data_give_no_variogram) {
  BOOST_TEST(!radar_variogram(test::radar_field(50, 50, [](auto, auto) { return 0.0; })).has_value());
  BOOST_TEST(!radar_variogram(test::radar_field(3, 3, test::hills)).has_value());
  BOOST_TEST(!radar_variogram(test::radar_field(50, 50, [](auto, auto) { return std::nan(""); })).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
