#include "engine/calibrate/lead_errors.h"

#include <limits>

namespace guyu {

std::size_t LeadErrors::bucket(Seconds lead) {
  for (std::size_t k = 0; k + 2 < kEdges_h.size(); ++k)
    if (lead <= Seconds(3600 * kEdges_h[k + 1])) return k;
  return kEdges_h.size() - 2;
}

void LeadErrors::add(Seconds lead, double error) {
  const std::size_t k = bucket(lead);
  squared[k] += error * error;
  ++cases[k];
}

double LeadErrors::mean_squared(std::size_t k) const {
  return cases[k] > 0 ? squared[k] / static_cast<double>(cases[k]) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace guyu
