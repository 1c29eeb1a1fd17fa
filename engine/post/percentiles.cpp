#include "engine/post/percentiles.h"

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

}  // namespace

void check_percentiles(std::span<const double> percentiles) {
  for (const double p : percentiles) {
    if (!(p >= 0 && p <= 100)) throw Error("percentile " + std::to_string(p), "is not from 0 to 100", "give per cent, e.g. 50 for the median");
  }
}

double percentile_of_sorted(std::span<const float> sorted, double percentile) {
  const double place = percentile / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), sorted.size() - 1), above = std::min(below + 1, sorted.size() - 1);
  const double share = place - static_cast<double>(below);
  return share > 0 ? double{sorted[below]} + share * (double{sorted[above]} - double{sorted[below]}) : double{sorted[below]};
}

void percentiles_of_planes(std::span<const FieldView<const float>> planes, std::span<const double> percentiles, std::span<const FieldView<float>> result,
                           std::size_t least_valid) {
  check_percentiles(percentiles);
  if (planes.empty()) throw Error("percentiles", "there is no plane", "give at least one");
  assert(percentiles.size() == result.size());
  const std::size_t least = least_valid == 0 ? planes.size() : least_valid;
  parallel_for(planes[0].ny, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> values;
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < planes[0].nx; ++i) {
        values.clear();
        for (const FieldView<const float>& p : planes) {
          if (!std::isnan(p(j, i))) values.push_back(p(j, i));
        }
        std::sort(values.begin(), values.end());
        for (std::size_t k = 0; k < percentiles.size(); ++k)
          result[k](j, i) = values.size() >= least ? static_cast<float>(percentile_of_sorted(values, percentiles[k])) : kMissing;
      }
    }
  });
}

void sort_planes(std::span<const FieldView<const float>> planes, std::span<const FieldView<float>> sorted) {
  if (planes.empty()) throw Error("sorted members", "there is no plane", "give at least one");
  assert(planes.size() == sorted.size());
  parallel_for(planes[0].ny, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> values(planes.size());
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < planes[0].nx; ++i) {
        bool known = true;
        for (std::size_t k = 0; k < planes.size(); ++k) values[k] = planes[k](j, i), known = known && !std::isnan(values[k]);
        if (known) std::sort(values.begin(), values.end());
        for (std::size_t k = 0; k < planes.size(); ++k) sorted[k](j, i) = known ? values[k] : kMissing;
      }
    }
  });
}

std::vector<double> flat_rank_percentiles(std::size_t members) {
  std::vector<double> all;
  for (std::size_t k = 1; k <= members; ++k) all.push_back(100 * static_cast<double>(k) / static_cast<double>(members + 1));
  return all;
}

std::vector<double> least_crps_percentiles(std::size_t members) {
  std::vector<double> all;
  for (std::size_t k = 1; k <= members; ++k) all.push_back(100 * (static_cast<double>(k) - 0.5) / static_cast<double>(members));
  return all;
}

}  // namespace guyu
