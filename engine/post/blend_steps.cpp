#include "engine/post/blend_steps.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

std::vector<double> triangular_weights(std::span<const double> steps, double centre, double width) {
  if (!(width > 0)) throw Error("triangular weights", "width " + std::to_string(width) + " is not positive", "give the distance at which the weight is 0");
  std::vector<double> weights;
  double sum = 0;
  for (const double step : steps) {
    weights.push_back(std::max(0.0, 1 - std::abs(step - centre) / width));
    sum += weights.back();
  }
  if (!(sum > 0)) throw Error("triangular weights", "no step is near " + std::to_string(centre), "give a centre among the steps, or a larger width");
  for (double& w : weights) w /= sum;
  return weights;
}

void weighted_mean_of_planes(std::span<const FieldView<const float>> planes, std::span<const double> weights, FieldView<float> mean) {
  if (planes.size() != weights.size() || planes.empty())
    throw Error("weighted mean", std::to_string(weights.size()) + " weights for " + std::to_string(planes.size()) + " planes", "give one a plane");
  double all = 0;
  for (const double w : weights) all += w;
  parallel_for(mean.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < mean.nx; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < planes.size(); ++k) {
          if (weights[k] != 0) sum += weights[k] * double{planes[k](j, i)};  // NaN stays NaN
        }
        mean(j, i) = static_cast<float>(sum / all);
      }
    }
  });
}

}  // namespace guyu
