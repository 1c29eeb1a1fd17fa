#include "engine/blend/blend_weights.h"

#include <algorithm>
#include <cmath>

namespace guyu {

BlendWeights blend_weights(double nowcast, double forecast, double between) {
  const double n = std::clamp(nowcast, 0.0, 1.0), f = std::clamp(forecast, 0.0, 0.99);
  const double weight = f * (1 - n * n) / std::max(1 - n * n * f * f, 1e-9);
  // The positive root; the correlation never makes it imaginary, as |c| <= 1 and the forecast's weight is below 1.
  const double c = std::clamp(between, -0.99, 0.99);
  const double member = -weight * c + std::sqrt(std::max(weight * weight * (c * c - 1) + 1, 0.0));
  return {static_cast<float>(std::max(member, 0.0)), static_cast<float>(weight)};
}

}  // namespace guyu
