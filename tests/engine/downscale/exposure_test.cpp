#include "engine/downscale/exposure.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "engine/downscale/terrain_rule.h"

namespace guyu {
namespace {

// A ridge of 400 m along the middle column, a valley of the same depth beside it.
Plane ridge_and_valley() {
  Plane z(41, 41, 1000.0F);
  for (std::int64_t j = 0; j < 41; ++j)
    for (std::int64_t i = 0; i < 41; ++i)
      z.row(j)[i] += 400 * std::exp(-0.1F * static_cast<float>((i - 12) * (i - 12))) - 400 * std::exp(-0.1F * static_cast<float>((i - 28) * (i - 28)));
  return z;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exposure)

BOOST_AUTO_TEST_CASE(ridges_have_more_wind_than_valleys_and_plains_what_they_had) {
  const Plane factor = wind_exposure(ridge_and_valley().view(), 1);
  BOOST_TEST(factor.row(20)[12] > 1.1F);
  BOOST_TEST(factor.row(20)[28] < 0.9F);
  for (const float f : wind_exposure(Plane(20, 20, 350.0F).view(), 1).values) BOOST_TEST(f == 1);
  for (const float f : factor.values) BOOST_TEST((f >= 0.79F && f <= 1.21F));
}

BOOST_AUTO_TEST_CASE(unknown_ground_changes_no_wind) {
  Plane z = ridge_and_valley();
  z.row(20)[12] = std::nanf("");
  BOOST_TEST(wind_exposure(z.view(), 1).row(20)[12] == 1);
}

BOOST_AUTO_TEST_CASE(smooth_ground_among_rough_has_more_wind) {
  const Plane sea(1, 3, 0.0002F), forest(1, 3, 1.0F), field(1, 3, 0.05F);
  BOOST_TEST(roughness_factor(field.view(), field.view()).values[0] == 1, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(roughness_factor(sea.view(), field.view()).values[0] > 1.1F);
  BOOST_TEST(roughness_factor(forest.view(), field.view()).values[0] < 0.8F);
  // By hand: ln(60/0.05)/ln(10/0.05) * ln(10/1)/ln(60/1) = 7.0901/5.2983 * 2.3026/4.0943
  BOOST_TEST(roughness_factor(forest.view(), field.view()).values[1] == 0.7526F, boost::test_tools::tolerance(1e-3F));
  const Plane unknown(1, 3, std::nanf(""));
  BOOST_TEST(roughness_factor(unknown.view(), field.view()).values[0] == 1);
}

BOOST_AUTO_TEST_CASE(the_ratio_of_climatologies_is_bounded_and_1_where_nothing_is_known) {
  Plane fine(1, 4, 900.0F), coarse(1, 4, 600.0F);
  fine.values[1] = 6000;
  fine.values[2] = std::nanf("");
  coarse.values[3] = 0;
  const Plane ratio = climatology_ratio(fine.view(), coarse.view());
  BOOST_TEST(ratio.values == (std::vector<float>{1.5F, 3, 1, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(words_for_lapse_rates) {
  BOOST_TEST((parse_lapse_choice("levels").from == LapseChoice::From::levels));
  BOOST_TEST(parse_lapse_choice("-6.5").fixed == -0.0065F, boost::test_tools::tolerance(1e-5F));
  BOOST_CHECK_THROW(parse_lapse_choice("steep"), Error);
  BOOST_CHECK_THROW(parse_lapse_choice("-65"), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
