#include "engine/region/hazard_inputs.h"

namespace guyu {

const HazardSeries* HazardInputs::find_series(std::string_view quantity, std::string_view statistic) const {
  for (const HazardSeries& s : series)
    if (s.quantity.name == quantity && s.statistic == statistic) return &s;
  return nullptr;
}

const RegionAttribute* HazardInputs::find_attribute(std::string_view name) const {
  for (const RegionAttribute& a : attributes)
    if (a.name == name) return &a;
  return nullptr;
}

}  // namespace guyu
