#include "engine/post/moisture.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/plane.h"

using namespace guyu;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(moisture_)

// WMO-No. 8 and the Smithsonian tables: 6.11 hPa at the triple point, 23.37 hPa at 20 degC, 1013.25 hPa at 100 degC; over ice 1.032 hPa at -20 degC.
BOOST_AUTO_TEST_CASE(saturation_has_the_tables_values) {
  using moisture::saturation_vapour_pressure;
  BOOST_TEST(saturation_vapour_pressure(273.16) == 611.14, tt::tolerance(1e-4));
  BOOST_TEST(saturation_vapour_pressure(293.15) == 2337.3, tt::tolerance(1e-3));
  BOOST_TEST(saturation_vapour_pressure(373.15) == 101325.0, tt::tolerance(1e-3));
  BOOST_TEST(saturation_vapour_pressure(253.15) == 103.2, tt::tolerance(2e-3));
  BOOST_TEST(saturation_vapour_pressure(253.15, Saturation::over_water) == 125.4, tt::tolerance(2e-3));
}

BOOST_AUTO_TEST_CASE(dew_point_and_relative_humidity_undo_each_other) {
  for (const double t : {230.0, 260.0, 273.16, 285.0, 310.0}) {
    for (const double rh : {0.01, 0.3, 0.8, 1.0}) {
      for (const Saturation over : {Saturation::over_water, Saturation::over_ice_below_triple_point}) {
        const double td = moisture::dew_point(t, rh, over);
        BOOST_TEST(td <= t + 1e-6);
        BOOST_TEST(moisture::relative_humidity(t, td, over) == rh, tt::tolerance(1e-7));
      }
    }
  }
  BOOST_TEST(std::isnan(moisture::dew_point(290, 0)));
}

BOOST_AUTO_TEST_CASE(mixing_ratio_vapour_pressure_and_specific_humidity_undo_each_other) {
  const double w = moisture::mixing_ratio_of_vapour_pressure(1500, 95000);
  BOOST_TEST(w == 0.62198 * 1500 / 93500, tt::tolerance(1e-12));
  BOOST_TEST(moisture::vapour_pressure_of_mixing_ratio(w, 95000) == 1500.0, tt::tolerance(1e-12));
  BOOST_TEST(moisture::mixing_ratio(moisture::specific_humidity(w)) == w, tt::tolerance(1e-12));
}

// Saturated air is its own wet bulb; dry air has a colder one; psychrometric tables give 13.7 degC for 20 degC and 50 % at 1013 hPa.
BOOST_AUTO_TEST_CASE(the_wet_bulb_lies_between_dew_point_and_temperature) {
  BOOST_TEST(wet_bulb_temperature(290, 1, 1e5) == 290.0);
  BOOST_TEST(std::abs(wet_bulb_temperature(293.15, 0.5, 101325, 1e-6) - 273.15 - 13.7) < 0.15);
  for (const double t : {240.0, 270.0, 300.0}) {
    double last = 0;
    for (const double rh : {0.05, 0.2, 0.5, 0.9, 1.0}) {
      const double tw = wet_bulb_temperature(t, rh, 9e4);
      BOOST_TEST(tw <= t);
      BOOST_TEST(tw > last);
      last = tw;
    }
  }
}

BOOST_AUTO_TEST_CASE(planes_are_worked_cell_by_cell_and_missing_stays_missing) {
  Plane t(1, 3, 285), rh(1, 3, 0.6F), p(1, 3, 1e5F), out(1, 3);
  rh.values[1] = NAN;
  p.values[2] = NAN;
  wet_bulb_temperature(t.view(), rh.view(), p.view(), out.view());
  BOOST_TEST(out.values[0] == static_cast<float>(wet_bulb_temperature(285, double{0.6F}, 1e5)));
  BOOST_TEST((std::isnan(out.values[1]) && std::isnan(out.values[2])));
  Plane td(1, 3), back(1, 3);
  dew_point(t.view(), rh.view(), td.view());
  relative_humidity(t.view(), td.view(), back.view());
  BOOST_TEST(back.values[0] == 0.6F, tt::tolerance(1e-4F));
  BOOST_TEST(std::isnan(back.values[1]));
}

BOOST_AUTO_TEST_SUITE_END()
