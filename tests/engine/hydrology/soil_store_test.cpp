#include "engine/hydrology/soil_store.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/hydrology/curve_number.h"

namespace guyu {

BOOST_AUTO_TEST_SUITE(soil_store_suite)

BOOST_AUTO_TEST_CASE(moderate_ground_sheds_what_the_curve_number_says) {
  // Chow, Maidment and Mays (1988), example 5.5.1: curve number 83.8, 5.00 inches of rain give 3.25 inches.
  const SoilStore s = soil_store(83.8);
  double water = moderate_water_mm(s);
  BOOST_TEST(std::abs(soil_store_rain(s, water, 127.0) / 25.4 - 3.25) < 0.01);
  for (const double cn : {40.0, 65.0, 95.0})
    for (const double rain : {5.0, 30.0, 200.0}) {
      const SoilStore store = soil_store(cn);
      double w = moderate_water_mm(store);
      BOOST_TEST(std::abs(soil_store_rain(store, w, rain) - curve_number_runoff(rain, retention_mm(cn))) < 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(wet_ground_sheds_as_the_published_equations_say) {
  // Michel and others (2005) for Sa = 0.33 S: V = 0.61 S gives Q = P (0.48 S + 0.72 P) / (S + 0.72 P), V = 0.87 S gives P (0.79 S + 0.46 P) / (S + 0.46 P).
  const SoilStore s{100, 33};
  double moderate = 61, wet = 87;
  BOOST_TEST(std::abs(soil_store_rain(s, moderate, 50) - 50 * (48 + 36) / (100 + 36.0)) < 0.1);
  BOOST_TEST(std::abs(soil_store_rain(s, wet, 50) - 50 * (79 + 23) / (100 + 23.0)) < 0.1);
}

BOOST_AUTO_TEST_CASE(rain_in_many_steps_sheds_as_much_as_in_one_and_no_water_is_lost) {
  const SoilStore s = soil_store(70);
  double once = 10, steps = 10, shed = 0;
  const double all = soil_store_rain(s, once, 180);
  for (int k = 0; k < 60; ++k) shed += soil_store_rain(s, steps, 3);
  BOOST_TEST(std::abs(shed - all) < 1e-9);
  BOOST_TEST(std::abs(once - steps) < 1e-9);
  BOOST_TEST(std::abs(180 - all - (once - 10)) < 1e-9);
}

BOOST_AUTO_TEST_CASE(critical_rain_is_the_inverse_and_falls_as_the_ground_gets_wetter) {
  for (const double cn : {45.0, 75.0, 98.0, 100.0}) {
    const SoilStore s = soil_store(cn);
    double last = 1e9;
    for (const double share : {0.0, 0.3, 0.6, 0.9, 0.999, 1.0}) {
      const double water = share * s.full(), critical = soil_store_critical_rain(s, water, 20);
      double w = water;
      BOOST_TEST(std::abs(soil_store_rain(s, w, critical) - 20) < 1e-6);
      BOOST_TEST(critical <= last + 1e-9);
      last = critical;
    }
    BOOST_TEST(std::abs(last - 20) < 1e-6);  // full ground sheds all
  }
  BOOST_TEST(std::isnan(soil_store_critical_rain(soil_store(70), 10, std::nan(""))));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
