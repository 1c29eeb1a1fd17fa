#include "engine/hydrology/curve_number.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace guyu {
namespace {
bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }
}  // namespace

BOOST_AUTO_TEST_SUITE(curve_number)

BOOST_AUTO_TEST_CASE(runoff_is_the_one_of_the_handbook) {
  // CN 75: S = 84.667 mm, Ia = 16.933 mm; 100 mm of rain: 83.067^2 / 167.733 = 41.14 mm.
  const double s = retention_mm(75);
  BOOST_TEST(near(s, 84.667, 1e-3));
  BOOST_TEST(near(curve_number_runoff(100, s), 41.14, 0.01));
  BOOST_TEST(curve_number_runoff(16, s) == 0);
  BOOST_TEST(curve_number_runoff(50, retention_mm(100)) == 50);
  BOOST_TEST(std::isnan(curve_number_runoff(std::nan(""), s)));
}

BOOST_AUTO_TEST_CASE(rain_for_a_runoff_inverts_runoff_of_a_rain) {
  for (const double cn : {40.0, 70.0, 95.0, 100.0})
    for (const double q : {0.5, 10.0, 200.0}) BOOST_TEST(near(curve_number_runoff(curve_number_rain(q, retention_mm(cn)), retention_mm(cn)), q, 1e-9));
  BOOST_TEST(near(curve_number_rain(0, retention_mm(75)), 16.933, 1e-3));
}

BOOST_AUTO_TEST_CASE(wet_ground_has_the_higher_curve_number) {
  BOOST_TEST(near(curve_number_for(75, AntecedentMoisture::dry), 315 / 5.65, 1e-9));
  BOOST_TEST(near(curve_number_for(75, AntecedentMoisture::wet), 1725 / 19.75, 1e-9));
  BOOST_TEST((antecedent_moisture(60, true) == AntecedentMoisture::wet));
  BOOST_TEST((antecedent_moisture(20, true) == AntecedentMoisture::dry));
  BOOST_TEST((antecedent_moisture(20, false) == AntecedentMoisture::moderate));
}

BOOST_AUTO_TEST_CASE(rain_wets_and_evaporation_dries_the_continuous_form) {
  RetentionState state{80};
  const double q = curve_number_step(state, 60, 0, 150);
  BOOST_TEST(near(state.retention_mm, 80 - (60 - q), 1e-9));
  BOOST_TEST(curve_number_step(state, 60, 0, 150) > q);
  const double before = state.retention_mm;
  BOOST_TEST(std::isnan(curve_number_step(state, std::nan(""), 5, 150)));
  BOOST_TEST(state.retention_mm == before);
  for (int k = 0; k < 2000; ++k) curve_number_step(state, 0, 5, 150);
  BOOST_TEST(near(state.retention_mm, 150, 1e-9));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
