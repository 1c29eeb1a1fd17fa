#pragma once
#include <algorithm>
#include <cmath>

namespace guyu {

// Water vapour near the ground and aloft. Temperatures in K, pressures in Pa, relative humidity and mixing ratios as shares of 1. A missing (NaN)
// argument gives a missing result. Over liquid water at all temperatures, as surface observations are made (WMO-No. 8).
namespace moisture {

inline constexpr float kEpsilon = 0.62198F;  // molar mass of water over that of dry air
inline constexpr float kZeroCelsius = 273.15F;

// WMO-No. 8 (2018), Annex 4.B, pure phase; within 0.1 % of Goff-Gratch from -45 to 60 degC.
inline float saturation_vapour_pressure(float temperature) {
  const float t = temperature - kZeroCelsius;
  return 611.2F * std::exp(17.62F * t / (243.12F + t));
}

// The temperature at which this vapour pressure is saturation: the inverse of the above. Vapour pressures below 1e-3 Pa count as that.
inline float dew_point(float vapour_pressure) {
  const float l = std::log((vapour_pressure < 1e-3F ? 1e-3F : vapour_pressure) / 611.2F);
  return kZeroCelsius + 243.12F * l / (17.62F - l);
}

inline float specific_humidity(float vapour_pressure, float pressure) { return kEpsilon * vapour_pressure / (pressure - (1 - kEpsilon) * vapour_pressure); }

inline float vapour_pressure_of_specific(float specific, float pressure) { return specific * pressure / (kEpsilon + (1 - kEpsilon) * specific); }

inline float vapour_pressure_of_mixing_ratio(float ratio, float pressure) { return ratio * pressure / (kEpsilon + ratio); }

// Psychrometer equation of WMO-No. 8, Annex 4.B: e = es(Tw) - 6.53e-4 (1 + 0.000944 tw) p (T - Tw). Newton's method from the dew point and the air
// temperature, which enclose the root; it converges to 1 mK in at most five steps between -60 and 60 degC.
inline float wet_bulb_temperature(float temperature, float vapour_pressure, float pressure) {
  const float es = saturation_vapour_pressure(temperature);
  const float e = vapour_pressure > es ? es : vapour_pressure;
  const float low = dew_point(e);
  float tw = temperature - (temperature - low) / 3;
  for (int k = 0; k < 6; ++k) {
    const float t = tw - kZeroCelsius, s = saturation_vapour_pressure(tw);
    const float gamma = 6.53e-4F * (1 + 0.000944F * t) * pressure;
    const float slope = s * 17.62F * 243.12F / ((243.12F + t) * (243.12F + t)) + gamma - 6.53e-4F * 0.000944F * pressure * (temperature - tw);
    tw -= (s - gamma * (temperature - tw) - e) / slope;
  }
  return tw;
}

}  // namespace moisture
}  // namespace guyu
