#include "models/landslide_threshold.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "engine/core/error.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(landslide)

BOOST_AUTO_TEST_CASE(thresholds_are_the_published_ones) {
  BOOST_TEST(std::abs(landslide_threshold("caine1980").intensity_mm_h(1) - 14.82) < 1e-12);
  BOOST_TEST(std::abs(landslide_threshold("caine1980").intensity_mm_h(24) - 14.82 * std::pow(24, -0.39)) < 1e-12);  // 4.29 mm/h, 103 mm a day
  BOOST_TEST(std::abs(landslide_threshold("guzzetti2008").intensity_mm_h(10) - 2.2 * std::pow(10, -0.44)) < 1e-12);
  BOOST_TEST(std::abs(landslide_threshold("guzzetti2008_two").intensity_mm_h(48) - 0.48 * std::pow(48, -0.11)) < 1e-12);
  BOOST_TEST(std::isnan(landslide_threshold("caine1980").intensity_mm_h(300)));
  BOOST_CHECK_THROW(landslide_threshold("caine"), Error);
}

BOOST_AUTO_TEST_CASE(the_duration_with_the_largest_ratio_decides) {
  const auto& caine = landslide_threshold("caine1980");
  const std::vector<float> burst{0, 0, 30}, spread{10, 10, 10};
  const LandslideRatio b = landslide_ratio(burst, caine), s = landslide_ratio(spread, caine);
  BOOST_TEST(b.duration_hours == 1);
  BOOST_TEST(std::abs(b.ratio - 30 / 14.82) < 1e-6);
  BOOST_TEST(s.duration_hours == 3);
  BOOST_TEST((b.reached == Answer::yes));
}

BOOST_AUTO_TEST_CASE(missing_hours_leave_no_all_clear_but_do_not_hide_a_yes) {
  const auto& caine = landslide_threshold("caine1980");
  const float nan = std::nanf("");
  BOOST_TEST((landslide_ratio(std::vector<float>{1, nan, 1}, caine).reached == Answer::unknown));
  BOOST_TEST((landslide_ratio(std::vector<float>{1, nan, 40}, caine).reached == Answer::yes));
  BOOST_TEST((landslide_ratio(std::vector<float>{1, 1, 1}, caine).reached == Answer::no));
  BOOST_TEST((landslide_ratio({}, caine).reached == Answer::unknown));
}

BOOST_AUTO_TEST_CASE(more_rain_and_wetter_ground_never_lower_the_ratio) {
  const auto& g = landslide_threshold("guzzetti2008");
  const LandslideWetness w;
  std::vector<float> rain(72, 0.0F);
  for (std::size_t k = 0; k < rain.size(); k += 5) rain[k] = static_cast<float>(k % 7);
  const double once = landslide_ratio(rain, g, w.factor(0.5)).ratio;
  BOOST_TEST(landslide_ratio(rain, g, w.factor(0.9)).ratio > once);
  BOOST_TEST(w.factor(std::nan("")) == w.factor(1));
  for (float& r : rain) r *= 2;
  BOOST_TEST(std::abs(landslide_ratio(rain, g, w.factor(0.5)).ratio / once - 2) < 1e-6);
}

BOOST_AUTO_TEST_CASE(old_rain_counts_less_and_recent_gaps_are_missing) {
  BOOST_TEST(std::abs(antecedent_rain_mm(std::vector<float>{100, 0, 10}) - (100 * 0.84 * 0.84 + 10)) < 1e-4);
  std::vector<float> days(20, 1.0F);
  days[2] = std::nanf("");
  BOOST_TEST(!std::isnan(antecedent_rain_mm(days)));
  days[15] = std::nanf("");
  BOOST_TEST(std::isnan(antecedent_rain_mm(days)));
}

BOOST_AUTO_TEST_SUITE_END()
