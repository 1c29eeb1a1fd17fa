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

float QuantileMapping::operator()(float value, double rank) const {
  if (forecast.empty() || std::isnan(value)) return value;
  const float f = quantile(forecast, rank), o = quantile(observed, rank);
  if (!amounts) return value + (o - f);
  if (rank < observed_dry) return 0;
  if (value < wet || f < wet) return std::max(o, value < wet ? 0.0F : std::min(value, o));
  return std::max(0.0F, value * (o / f));
}

float QuantileMapping::operator()(float value) const { return forecast.empty() || std::isnan(value) ? value : (*this)(value, rank_of(forecast, value)); }

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
  m.forecast = quantiles_of(f, n);
  m.observed = quantiles_of(o, n);
  m.observed_dry = amounts ? static_cast<double>(std::lower_bound(o.begin(), o.end(), wet) - o.begin()) / static_cast<double>(o.size()) : 0;
  return m;
}

void map_values(const QuantileMapping& mapping, std::span<float> values) {
  if (mapping.forecast.empty()) return;
  const std::vector<float> own = known(values);
  if (own.empty()) return;
  const double trust = own.size() >= 100 ? 1.0 : 0.5;
  for (float& v : values) {
    if (std::isnan(v)) continue;
    const double archive = rank_of(mapping.forecast, v), here = own.size() > 1 ? rank_of(own, v) : archive;
    v = mapping(v, trust * here + (1 - trust) * archive);
  }
}

}  // namespace guyu
