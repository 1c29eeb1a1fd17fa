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

std::vector<double> error_weights(std::span<const double> mean_squared, std::span<const double> cases) {
  double average = 0, known = 0;
  for (const double e : mean_squared)
    if (!std::isnan(e)) average += e, known += 1;
  std::vector<double> weights(mean_squared.size(), 1.0 / static_cast<double>(mean_squared.size()));
  if (known == 0 || average <= 0) return weights;
  average /= known;
  double sum = 0;
  for (std::size_t k = 0; k < mean_squared.size(); ++k) {
    const bool has = !std::isnan(mean_squared[k]);
    const double n = has ? cases[k] : 0, own = has ? mean_squared[k] : average;
    weights[k] = 1 / std::max((n * own + kPriorModelCases * average) / (n + kPriorModelCases), 1e-12 * average);
    sum += weights[k];
  }
  for (double& w : weights) w /= sum;
  return weights;
}

std::vector<double> model_weights(std::span<const LeadErrors> models, std::span<const Seconds> leads) {
  std::vector<double> errors, cases;
  for (std::size_t k = 0; k < models.size(); ++k) {
    const auto bucket = nearest_bucket(models[k], LeadErrors::bucket(leads[k]));
    errors.push_back(bucket ? models[k].mean_squared(*bucket) : std::numeric_limits<double>::quiet_NaN());
    cases.push_back(bucket ? static_cast<double>(models[k].cases[*bucket]) : 0.0);
  }
  return error_weights(errors, cases);
}

float joined_probability(std::span<const float> models, std::span<const double> weights) {
  double sum = 0, all = 0;
  for (std::size_t k = 0; k < models.size(); ++k) {
    if (std::isnan(models[k])) continue;
    sum += weights[k] * static_cast<double>(models[k]), all += weights[k];
  }
  return all > 0 ? static_cast<float>(sum / all) : std::numeric_limits<float>::quiet_NaN();
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
