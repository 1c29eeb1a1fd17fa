#include "models/flood_windows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/region/attribute_values.h"

namespace guyu {

std::vector<ThresholdRunoff> threshold_runoff(const HazardInputs& inputs) {
  ThresholdRunoff none;
  none.fill(std::numeric_limits<double>::quiet_NaN());
  std::vector<ThresholdRunoff> out(inputs.regions, none);
  for (std::size_t d = 0; d < kFloodHours.size(); ++d) {
    const std::vector<float> runoff = values_in(inputs.find_attribute("threshold_runoff_" + std::to_string(kFloodHours[d]) + "h"), "mm");
    for (std::size_t r = 0; r < runoff.size(); ++r)
      if (runoff[r] > 0) out[r][d] = static_cast<double>(runoff[r]);
  }
  return out;
}

bool judges(const ThresholdRunoff& threshold) {
  return std::any_of(threshold.begin(), threshold.end(), [](double mm) { return !std::isnan(mm); });
}

}  // namespace guyu
