#include "engine/post/threshold.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

template <class Truth>
void per_cell(FieldView<const float> field, FieldView<float> out, const Truth& truth) {
  assert(field.ny == out.ny && field.nx == out.nx);
  parallel_for(field.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float* in = field.row(j);
      float* result = out.row(j);
      for (std::int64_t i = 0; i < field.nx; ++i) result[i] = std::isnan(in[i]) ? kMissing : truth(in[i]);
    }
  });
}

// Share of the way from `from` to `to`, cut at 0 and 1.
double ramp(double value, double from, double to) {
  if (!(from < to)) return value < from ? 0 : 1;
  return std::clamp((value - from) / (to - from), 0.0, 1.0);
}

}  // namespace

Comparison parse_comparison(std::string_view text) {
  if (text == ">" || text == "gt") return Comparison::above;
  if (text == ">=" || text == "ge") return Comparison::at_least;
  if (text == "<" || text == "lt") return Comparison::below;
  if (text == "<=" || text == "le") return Comparison::at_most;
  throw Error("comparison", "\"" + std::string(text) + "\" is none", "give >, >=, <, <= or gt, ge, lt, le");
}

Threshold Threshold::in_units(const UnitConversion& to_field) const {
  Threshold t{to_field(value), to_field(lower), to_field(upper)};
  if (t.lower > t.upper) std::swap(t.lower, t.upper);
  return t;
}

Threshold exact_threshold(double value) { return {value, value, value}; }

Threshold fuzzy_threshold(double value, double factor) {
  const std::string place = "threshold " + std::to_string(value);
  if (!(factor > 0 && factor < 1)) throw Error(place, "fuzzy factor " + std::to_string(factor) + " is not between 0 and 1", "0.8 spreads it by a fifth");
  if (value == 0) throw Error(place, "a factor gives it no width", "give its lower and upper bound instead");
  const double a = value * factor, b = value * (2 - factor);
  return {value, std::min(a, b), std::max(a, b)};
}

Threshold bounded_threshold(double value, double lower, double upper) {
  if (!(lower <= value && value <= upper))
    throw Error("threshold " + std::to_string(value), "is not between its bounds " + std::to_string(lower) + " and " + std::to_string(upper),
                "give lower <= value <= upper");
  return {value, lower, upper};
}

void apply_threshold(FieldView<const float> field, const Threshold& threshold, Comparison comparison, FieldView<float> truth) {
  if (threshold.is_fuzzy()) {
    const bool below = is_below(comparison);
    return per_cell(field, truth, [&](float v) {
      const double above = v < threshold.value ? ramp(v, threshold.lower, threshold.value) / 2 : 0.5 + ramp(v, threshold.value, threshold.upper) / 2;
      return static_cast<float>(below ? 1 - above : above);
    });
  }
  const auto limit = static_cast<float>(threshold.value);
  switch (comparison) {
    case Comparison::above: return per_cell(field, truth, [=](float v) { return v > limit ? 1.0F : 0.0F; });
    case Comparison::at_least: return per_cell(field, truth, [=](float v) { return v >= limit ? 1.0F : 0.0F; });
    case Comparison::below: return per_cell(field, truth, [=](float v) { return v < limit ? 1.0F : 0.0F; });
    case Comparison::at_most: return per_cell(field, truth, [=](float v) { return v <= limit ? 1.0F : 0.0F; });
  }
}

void probability_between(FieldView<const float> at_lower, FieldView<const float> at_upper, bool of_below, FieldView<float> between) {
  assert(at_lower.ny == between.ny && at_lower.nx == between.nx && at_upper.ny == between.ny && at_upper.nx == between.nx);
  parallel_for(between.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float *lower = at_lower.row(j), *upper = at_upper.row(j);
      float* out = between.row(j);
      for (std::int64_t i = 0; i < between.nx; ++i) out[i] = of_below ? upper[i] - lower[i] : lower[i] - upper[i];  // NaN stays NaN
    }
  });
}

void mean_of_planes(std::span<const FieldView<const float>> planes, FieldView<float> mean, std::size_t least_valid) {
  if (planes.empty()) throw Error("mean of planes", "there is none", "give at least one");
  const std::size_t least = std::max<std::size_t>(least_valid, 1);
  parallel_for(mean.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < mean.nx; ++i) {
        double sum = 0;
        std::size_t valid = 0;
        for (const FieldView<const float>& plane : planes) {
          const float v = plane(j, i);
          if (!std::isnan(v)) sum += double{v}, ++valid;
        }
        mean(j, i) = valid >= least ? static_cast<float>(sum / static_cast<double>(valid)) : kMissing;
      }
    }
  });
}

}  // namespace guyu
