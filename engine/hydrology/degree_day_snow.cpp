#include "engine/hydrology/degree_day_snow.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {

double snow_step(const SnowParameters& p, SnowState& s, double precipitation, double temperature, double step_hours) {
  if (std::isnan(precipitation) || std::isnan(temperature)) return std::numeric_limits<double>::quiet_NaN();
  const double rain = precipitation * std::clamp((temperature - p.threshold_c + 1) / 2, 0.0, 1.0);
  s.water_equivalent_mm += precipitation - rain;
  const double melt = std::min(s.water_equivalent_mm, std::max(0.0, temperature - p.melt_above_c) * p.melt_mm_per_c_day * step_hours / 24);
  s.water_equivalent_mm -= melt;
  return rain + melt;
}

}  // namespace guyu
