#include "engine/hydrology/curve_number.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {

double retention_mm(double curve_number) { return 25400 / curve_number - 254; }

double curve_number_runoff(double rain, double retention, const CurveNumberOptions& options) {
  if (std::isnan(rain) || std::isnan(retention)) return std::numeric_limits<double>::quiet_NaN();
  const double above = rain - options.abstraction * retention;
  return above <= 0 ? 0 : above * above / (above + retention);
}

double curve_number_rain(double runoff, double retention, const CurveNumberOptions& options) {
  // With x = P - Ia: x^2 - Q x - Q S = 0.
  return options.abstraction * retention + 0.5 * (runoff + std::sqrt(runoff * (runoff + 4 * retention)));
}

AntecedentMoisture antecedent_moisture(double five_day_rain_mm, bool growing_season) {
  const double dry = growing_season ? 36 : 13, wet = growing_season ? 53 : 28;
  return five_day_rain_mm < dry ? AntecedentMoisture::dry : five_day_rain_mm > wet ? AntecedentMoisture::wet : AntecedentMoisture::moderate;
}

double curve_number_for(double cn, AntecedentMoisture moisture) {
  switch (moisture) {
    case AntecedentMoisture::dry: return 4.2 * cn / (10 - 0.058 * cn);
    case AntecedentMoisture::wet: return 23 * cn / (10 + 0.13 * cn);
    default: return cn;
  }
}

double curve_number_step(RetentionState& state, double rain, double evaporation, double dry, double depletion, const CurveNumberOptions& options) {
  if (std::isnan(rain)) return rain;
  const double runoff = curve_number_runoff(rain, state.retention_mm, options);
  const double dried = std::isnan(evaporation) ? 0 : std::max(evaporation, 0.0) * std::exp(-depletion * state.retention_mm / dry);
  state.retention_mm = std::clamp(state.retention_mm + dried - (rain - runoff), 0.0, dry);
  return runoff;
}

}  // namespace guyu
