#include "engine/verify/missing_forecast.h"

#include <cassert>
#include <cmath>

namespace guyu {

void fill_missing_with_zero(std::span<float> forecast, std::span<const float> observation) {
  assert(forecast.size() == observation.size());
  for (std::size_t k = 0; k < forecast.size(); ++k)
    if (std::isnan(forecast[k]) && !std::isnan(observation[k])) forecast[k] = 0;
}

}  // namespace guyu
