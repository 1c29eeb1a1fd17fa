#include "engine/verify/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {

Bounds percentile_bounds(std::vector<double> draws, double share) {
  const std::size_t all = draws.size();
  std::erase_if(draws, [](double v) { return std::isnan(v); });
  if (draws.empty() || 2 * draws.size() < all) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  std::sort(draws.begin(), draws.end());
  const auto at = [&](double p) {
    const double place = p * static_cast<double>(draws.size() - 1);
    const auto k = static_cast<std::size_t>(place);
    const double next = draws[std::min(k + 1, draws.size() - 1)];
    return draws[k] + (place - static_cast<double>(k)) * (next - draws[k]);
  };
  return {at((1 - share) / 2), at((1 + share) / 2)};
}

}  // namespace guyu
