#include "engine/calibrate/quantile_mapping.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {
namespace {

constexpr std::size_t kFewest = 40;

std::vector<float> known(std::span<const float> values) {
  std::vector<float> sorted;
  for (const float v : values)
    if (!std::isnan(v)) sorted.push_back(v);
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

// Of n ascending values, value k stands at probability k / (n - 1).
float quantile(std::span<const float> sorted, double p) {
  const double at = std::clamp(p, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto k = static_cast<std::size_t>(at);
  const std::size_t next = std::min(k + 1, sorted.size() - 1);
  return sorted[k] + static_cast<float>(at - static_cast<double>(k)) * (sorted[next] - sorted[k]);
}

// The middle of the probabilities that a value has among ascending quantiles.
double rank_of(std::span<const float> sorted, float value) {
  const auto low = std::lower_bound(sorted.begin(), sorted.end(), value), high = std::upper_bound(sorted.begin(), sorted.end(), value);
  const double last = static_cast<double>(sorted.size() - 1);
  if (low != high) return 0.5 * static_cast<double>((low - sorted.begin()) + (high - sorted.begin() - 1)) / last;
  if (low == sorted.begin()) return 0;
  if (low == sorted.end()) return 1;
  const float below = *(low - 1), above = *low;
  return (static_cast<double>(low - sorted.begin()) - 1 + static_cast<double>((value - below) / (above - below))) / last;
}

std::vector<float> quantiles_of(const std::vector<float>& sorted, std::size_t n) {
  std::vector<float> q;
  for (std::size_t k = 0; k < n; ++k) q.push_back(quantile(sorted, static_cast<double>(k) / static_cast<double>(n - 1)));
  return q;
}

}  // namespace

float QuantileMapping::operator()(float value) const {
  if (forecast.empty() || std::isnan(value)) return value;
  const double rank = rank_of(forecast, value);
  const float f = quantile(forecast, rank), o = quantile(observed, rank);
  if (!amounts) return value + (o - f);
  if (value < wet || rank < observed_dry) return 0;
  return f < wet ? value : std::max(0.0F, value * (o / f));
}

QuantileMapping fit_quantile_mapping(std::span<const float> forecast, std::span<const float> observed, bool amounts, float wet, std::size_t n) {
  QuantileMapping m;
  m.amounts = amounts;
  m.wet = wet;
  const std::vector<float> f = known(forecast), o = known(observed);
  m.cases = std::min(f.size(), o.size());
  if (m.cases < kFewest) {
    m.note = "too few values";
    return m;
  }
  if (amounts && o.back() < wet) {  // else no rain would be foretold ever after
    m.note = "no rain was observed";
    return m;
  }
  m.forecast = quantiles_of(f, n);
  m.observed = quantiles_of(o, n);
  m.observed_dry = amounts ? static_cast<double>(std::lower_bound(o.begin(), o.end(), wet) - o.begin()) / static_cast<double>(o.size()) : 0;
  return m;
}

}  // namespace guyu
