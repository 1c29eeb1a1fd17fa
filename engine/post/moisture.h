#pragma once
#include "engine/core/field.h"

namespace guyu {

// Water vapour in air: temperatures in K, pressures in Pa, humidities as fractions (relative humidity 1 = saturated), mixing ratio in kg water per kg
// dry air, specific humidity in kg water per kg moist air. A NaN argument gives NaN.

// What the vapour is in balance with. Meteorological relative humidity and dew point are over water at all temperatures (WMO-No. 8, annex 4.B); ice
// below the triple point (273.16 K) is what models' cloud and energy budgets use.
enum class Saturation { over_water, over_ice_below_triple_point };

namespace moisture {
inline constexpr double kTriplePoint = 273.16;          // K
inline constexpr double kGasConstantVapour = 461.6;     // J kg-1 K-1
inline constexpr double kMolecularRatio = 0.62198;      // of water to dry air, ASHRAE Fundamentals (2005)
inline constexpr double kHeatDryAir = 1005.0;           // J kg-1 K-1, constant pressure
inline constexpr double kHeatVapour = 1850.0;           // J kg-1 K-1
inline constexpr double kLatentHeat = 2.501e6;          // J kg-1, condensation at 0 degC
inline constexpr double kLatentHeatPerKelvin = 2.34e3;  // J kg-1 K-1 by which it falls

// Pure vapour over a plane surface. Goff and Gratch in the form that the WMO recommends (Landolt-Boernstein V/4b, p. 35; WMO-No. 49, 1984);
// meant for 173 to 373 K.
double saturation_vapour_pressure(double temperature, Saturation over = Saturation::over_ice_below_triple_point);
// The same in air of this pressure, which raises it by some tenths of a per cent (Gill 1982, equation A4.7).
double saturation_vapour_pressure_in_air(double temperature, double pressure, Saturation over = Saturation::over_ice_below_triple_point);
// ASHRAE Fundamentals (2005), equation 24; where air boils the vapour fills it all.
double saturation_mixing_ratio(double temperature, double pressure, Saturation over = Saturation::over_ice_below_triple_point);
double mixing_ratio_of_vapour_pressure(double vapour_pressure, double pressure);
double vapour_pressure_of_mixing_ratio(double mixing_ratio, double pressure);
inline double specific_humidity(double mixing_ratio) { return mixing_ratio / (1 + mixing_ratio); }
inline double mixing_ratio(double specific_humidity) { return specific_humidity / (1 - specific_humidity); }

// e(dew point) / e(temperature); above 1 only where the dew point is above the temperature.
double relative_humidity(double temperature, double dew_point, Saturation over = Saturation::over_water);
// Temperature at which this vapour pressure saturates, by Newton's method on its logarithm; NaN for a pressure that is not positive.
double dew_point_of_vapour_pressure(double vapour_pressure, Saturation over = Saturation::over_water);
double dew_point(double temperature, double relative_humidity, Saturation over = Saturation::over_water);
// 2.501e6 J kg-1 at 0 degC, falling by 2340 a degree.
double latent_heat_of_condensation(double temperature);
}  // namespace moisture

// Temperature to which air cools when water evaporates into it until it is saturated: the enthalpy of the saturated air equals that of the air, latent
// and specific heat held. Newton's method from the air temperature; a step of `precision` K or less ends it and is not taken, at most 20
// steps. Source: Met Office UM Documentation Paper 080 (2014). Saturation, over ice below the triple point, from a table in steps of 0.1 K (relative error
// below 1e-5), 183.15 to 338.15 K.
double wet_bulb_temperature(double temperature, double relative_humidity, double pressure, double precision = 0.005);

// Per cell; missing where any input is. The planes share one shape. O(cells).
void wet_bulb_temperature(FieldView<const float> temperature, FieldView<const float> relative_humidity, FieldView<const float> pressure,
                          FieldView<float> wet_bulb, double precision = 0.005);
void relative_humidity(FieldView<const float> temperature, FieldView<const float> dew_point, FieldView<float> humidity);
void dew_point(FieldView<const float> temperature, FieldView<const float> relative_humidity, FieldView<float> dew_point);

}  // namespace guyu
