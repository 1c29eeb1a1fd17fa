#include "engine/nowcast/rain_scale.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace guyu;
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

float decibel_of(float rate) {
  const Plane z = to_decibel({&rate, 1, 1, 1});
  return z.values.at(0);
}
}  // namespace

BOOST_AUTO_TEST_SUITE(rain_scale)

BOOST_AUTO_TEST_CASE(rates_become_ten_times_their_logarithm) {
  BOOST_TEST(decibel_of(1) == 0.0F);
  BOOST_TEST(decibel_of(10) == 10.0F);
  BOOST_TEST(std::fabs(decibel_of(100) - 20) < 1e-5F);
  BOOST_TEST(std::fabs(decibel_of(2) - 3.0103F) < 1e-4F);
  BOOST_TEST(std::fabs(decibel_of(0.1F) + 10) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(everything_below_the_least_rain_is_one_value_below_all_rain) {
  for (const float r : {0.0F, -0.0F, -3.0F, 0.05F, std::nextafter(kLeastRain, 0.0F), 1e-40F}) BOOST_TEST(decibel_of(r) == kDryDecibel);
  BOOST_TEST(decibel_of(kLeastRain) > kDryDecibel + 1);
}

BOOST_AUTO_TEST_CASE(more_than_the_most_rain_is_the_most_rain) {
  BOOST_TEST(decibel_of(501) == decibel_of(500));
  BOOST_TEST(decibel_of(1e30F) == decibel_of(500));
}

BOOST_AUTO_TEST_CASE(missing_stays_missing_and_so_does_what_is_no_number) {
  for (const float r : {kNaN, -kNaN, kInf, -kInf}) BOOST_TEST(std::isnan(decibel_of(r)));
}

BOOST_AUTO_TEST_CASE(rows_follow_the_stride_and_an_empty_field_gives_an_empty_plane) {
  const std::vector<float> wide{1, 10, 7, 100, 0, 7};
  const Plane z = to_decibel({wide.data(), 2, 2, 3});
  const std::vector<float> expected{0, 10, 20, kDryDecibel};
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(std::fabs(z.values.at(i) - expected[i]) < 1e-5F);
  BOOST_TEST(to_decibel({wide.data(), 0, 3, 3}).values.empty());
  BOOST_TEST(to_decibel({wide.data(), 3, 0, 0}).values.empty());
}

BOOST_AUTO_TEST_SUITE_END()
