#include "engine/blend/model_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace guyu {
namespace {

// The bucket that has cases and is next to the wanted one; the shorter lead of two as near.
std::optional<std::size_t> nearest_bucket(const LeadErrors& e, std::size_t wanted) {
  std::optional<std::size_t> best;
  for (std::size_t k = 0; k < e.cases.size(); ++k) {
    if (e.cases[k] == 0) continue;
    const auto distance = [&](std::size_t b) { return b > wanted ? b - wanted : wanted - b; };
    if (!best || distance(k) < distance(*best)) best = k;
  }
  return best;
}

float quantile_of(const std::vector<float>& sorted, double p) {
  const double at = std::clamp(p * static_cast<double>(sorted.size()) - 0.5, 0.0, static_cast<double>(sorted.size() - 1));
  const auto k = static_cast<std::size_t>(at);
  const std::size_t next = std::min(k + 1, sorted.size() - 1);
  return sorted[k] + static_cast<float>(at - static_cast<double>(k)) * (sorted[next] - sorted[k]);
}

}  // namespace

std::vector<double> model_weights(std::span<const LeadErrors> models, std::span<const Seconds> leads) {
  std::vector<std::optional<std::size_t>> buckets;
  double average = 0, known = 0;
  for (std::size_t k = 0; k < models.size(); ++k) {
    buckets.push_back(nearest_bucket(models[k], LeadErrors::bucket(leads[k])));
    if (buckets.back()) average += models[k].mean_squared(*buckets.back()), known += 1;
  }
  std::vector<double> weights(models.size(), 1.0 / static_cast<double>(models.size()));
  if (known == 0 || average <= 0) return weights;
  average /= known;
  double sum = 0;
  for (std::size_t k = 0; k < models.size(); ++k) {
    const double n = buckets[k] ? static_cast<double>(models[k].cases[*buckets[k]]) : 0, own = buckets[k] ? models[k].mean_squared(*buckets[k]) : average;
    weights[k] = 1 / std::max((n * own + kPriorModelCases * average) / (n + kPriorModelCases), 1e-12 * average);
    sum += weights[k];
  }
  for (double& w : weights) w /= sum;
  return weights;
}

void joined_members(std::span<const std::vector<float>> models, std::span<const double> weights, std::span<float> out) {
  std::vector<std::vector<float>> sorted;
  std::vector<double> weight;
  for (std::size_t k = 0; k < models.size(); ++k) {
    if (models[k].empty() || std::any_of(models[k].begin(), models[k].end(), [](float x) { return std::isnan(x); })) continue;
    sorted.push_back(models[k]);
    std::sort(sorted.back().begin(), sorted.back().end());
    weight.push_back(weights[k]);
  }
  if (sorted.empty()) {
    std::fill(out.begin(), out.end(), std::numeric_limits<float>::quiet_NaN());
    return;
  }
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  std::vector<std::size_t> order(out.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::vector<float>& first = models.front();
  if (first.size() == out.size()) std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return first[a] < first[b]; });
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double p = (static_cast<double>(k) + 0.5) / static_cast<double>(out.size());
    double sum = 0;
    for (std::size_t m = 0; m < sorted.size(); ++m) sum += weight[m] / all * static_cast<double>(quantile_of(sorted[m], p));
    out[order[k]] = static_cast<float>(sum);
  }
}

}  // namespace guyu
