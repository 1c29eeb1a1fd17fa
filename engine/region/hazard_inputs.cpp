#include "engine/region/hazard_inputs.h"

namespace guyu {

const HazardSeries* HazardInputs::find_series(std::string_view quantity, std::string_view statistic, Seconds window) const {
  for (const HazardSeries& s : series)
    if (s.quantity.name == quantity && s.statistic == statistic && s.window == window) return &s;
  return nullptr;
}

const RegionAttribute* HazardInputs::find_attribute(std::string_view name) const {
  for (const RegionAttribute& a : attributes)
    if (a.name == name) return &a;
  return nullptr;
}

}  // namespace guyu
