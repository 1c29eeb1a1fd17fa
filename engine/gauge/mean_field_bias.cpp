#include "engine/gauge/mean_field_bias.h"

#include <algorithm>
#include <cmath>

namespace guyu {

MeanFieldBias mean_field_bias(std::span<const RainPair> pairs, const MeanFieldBiasSettings& s) {
  MeanFieldBias bias;
  double gauges = 0, radar = 0, logs = 0, squares = 0;
  for (const RainPair& p : pairs) {
    if (!(p.gauge_mm >= s.wet_mm) || !(p.radar_mm >= s.wet_mm)) continue;
    ++bias.pairs;
    gauges += p.gauge_mm, radar += p.radar_mm;
    const double log = std::log(p.gauge_mm / p.radar_mm);
    logs += log, squares += log * log;
  }
  if (bias.pairs == 0) return bias;
  double log = std::log(gauges / radar);
  if (s.shrink) {
    const auto n = static_cast<double>(bias.pairs);
    constexpr double kPriorPairs = 2;
    const double about = std::max(0.0, squares - logs * logs / n);
    const double variance = (about + kPriorPairs * s.pair_spread * s.pair_spread) / (n - 1 + kPriorPairs), prior = s.prior_spread * s.prior_spread;
    log *= prior / (prior + variance / n);
  }
  bias.factor = std::clamp(std::exp(log), 1 / s.most, s.most);
  return bias;
}

}  // namespace guyu
