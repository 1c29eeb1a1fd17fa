#include "engine/regrid/apply.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kWhole = 1 - 1e-6;  // weights are floats: their sum over a covered cell is 1 to within this

float weighted(std::span<const RegridWeights::Entry> row, const float* source, double least) {
  double sum = 0, valid = 0;
  for (const auto& e : row) {
    const float v = source[e.source];
    if (std::isnan(v)) continue;
    valid += static_cast<double>(e.weight);
    sum += static_cast<double>(e.weight) * static_cast<double>(v);
  }
  return valid > 0 && valid >= least ? static_cast<float>(sum / valid) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

MissingPolicy parse_missing_policy(std::string_view text) {
  if (text == "strict") return MissingPolicy::strict;
  if (text == "renormalise") return MissingPolicy::renormalise;
  throw Error("", "unknown treatment of missing cells '" + std::string(text) + "'", "known are strict, renormalise");
}

void apply_weights(const RegridWeights& w, FieldView<const float> source, MissingTreatment missing, FieldView<float> target) {
  assert(source.nx == w.source_nx && source.ny == w.source_ny && source.stride == source.nx);
  assert(target.nx == w.target_nx && target.ny == w.target_ny);
  const double least = missing.policy == MissingPolicy::strict ? kWhole : missing.least_valid * kWhole;
  parallel_for(target.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < target.nx; ++i) target(j, i) = weighted(w.row(j * target.nx + i), source.data, least);
    }
  });
}

Field regrid(const Field& source, const Grid& target, const RegridWeights& weights, MissingTreatment missing) {
  Field out(target, source.meta);
  apply_weights(weights, source.view(), missing, out.view());
  return out;
}

}  // namespace guyu
