#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "engine/post/percentiles.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// How many of each rank are in the window; every level counts 32 of the one below.
class RankCounts {
 public:
  explicit RankCounts(std::size_t ranks) {
    for (std::size_t n = ranks;; n = (n + kFan - 1) / kFan) {
      levels_.emplace_back(n);
      if (n <= kFan) break;
    }
  }
  void change(std::size_t rank, std::int32_t by) {
    for (auto& level : levels_) {
      level[rank] += by;
      rank /= kFan;
    }
  }
  // Rank of the k-th value from below, from 0.
  std::uint32_t find(std::int64_t k) const {
    std::size_t at = 0;
    for (std::size_t l = levels_.size(); l-- > 0;) {
      const auto& level = levels_[l];
      at *= kFan;
      while (k >= level[at]) k -= level[at++];
    }
    return static_cast<std::uint32_t>(at);
  }

 private:
  static constexpr std::size_t kFan = 32;
  std::vector<std::vector<std::int32_t>> levels_;
};

float mean_of(const float* from, std::int64_t step, std::int64_t n) {
  double sum = 0;
  for (std::int64_t k = 0; k < n; ++k) sum += double{from[k * step]};
  return static_cast<float>(sum / static_cast<double>(n));
}

// The field continued by `radius` cells on every side.
Plane continued(FieldView<const float> field, std::int64_t radius) {
  Plane all(field.ny + 2 * radius, field.nx + 2 * radius);
  for (std::int64_t j = 0; j < field.ny; ++j) std::copy(field.row(j), field.row(j) + field.nx, all.row(j + radius) + radius);
  for (std::int64_t i = radius; i < radius + field.nx; ++i) {
    const float first = mean_of(all.row(radius) + i, all.nx, radius), last = mean_of(all.row(field.ny) + i, all.nx, radius);
    for (std::int64_t k = 0; k < radius; ++k) all.row(k)[i] = first, all.row(radius + field.ny + k)[i] = last;
  }
  for (std::int64_t j = 0; j < all.ny; ++j) {
    const float first = mean_of(all.row(j) + radius, 1, radius), last = mean_of(all.row(j) + field.nx, 1, radius);
    std::fill(all.row(j), all.row(j) + radius, first);
    std::fill(all.row(j) + radius + field.nx, all.row(j) + all.nx, last);
  }
  return all;
}

}  // namespace

void neighbourhood_percentiles(FieldView<const float> field, std::int64_t radius, std::span<const double> percentiles,
                               std::span<const FieldView<float>> result) {
  check_percentiles(percentiles);
  assert(percentiles.size() == result.size());
  if (radius < 1 || radius > std::min(field.ny, field.nx))
    throw Error("neighbourhood percentiles",
                "radius of " + std::to_string(radius) + " cells on a grid of " + std::to_string(field.ny) + " x " + std::to_string(field.nx),
                "give 1 or more, and no more than the grid's sides");
  const Plane all = continued(field, radius);
  std::vector<std::uint32_t> order(all.values.size()), rank(all.values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const float x = all.values[a], y = all.values[b];
    return std::isnan(x) || std::isnan(y) ? std::isnan(y) && (!std::isnan(x) || a < b) : x < y || (x == y && a < b);
  });
  std::uint32_t known = 0;  // missing cells rank last
  for (std::uint32_t k = 0; k < order.size(); ++k) rank[order[k]] = k, known += std::isnan(all.values[order[k]]) ? 0U : 1U;
  std::vector<std::int64_t> half(static_cast<std::size_t>(2 * radius + 1));
  std::int64_t cells = 0;
  for (std::int64_t dy = -radius; dy <= radius; ++dy) {
    std::int64_t h = 0;
    while ((h + 1) * (h + 1) + dy * dy <= radius * radius) ++h;
    half[static_cast<std::size_t>(dy + radius)] = h;
    cells += 2 * h + 1;
  }
  // Each chunk begins with an empty tree of the size of the grid, so there are few.
  parallel_for(field.ny, std::max<std::int64_t>(16, field.ny / 32), [&](std::int64_t begin, std::int64_t end) {
    RankCounts counts(order.size());
    const auto span = [&](std::int64_t j, std::int64_t dy, std::int64_t first, std::int64_t last, std::int32_t by) {
      const std::uint32_t* row = rank.data() + (j + dy + radius) * all.nx;
      for (std::int64_t i = first; i <= last; ++i) counts.change(row[i], by);
    };
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < field.nx; ++i) {  // centre in `all`: i + radius
        for (std::int64_t dy = -radius; dy <= radius; ++dy) {
          const std::int64_t h = half[static_cast<std::size_t>(dy + radius)], centre = i + radius;
          if (i == 0) span(j, dy, centre - h, centre + h, 1);
          else span(j, dy, centre + h, centre + h, 1), span(j, dy, centre - h - 1, centre - h - 1, -1);
        }
        const bool missing = counts.find(cells - 1) >= known;
        for (std::size_t p = 0; p < percentiles.size(); ++p) {
          const double place = percentiles[p] / 100 * static_cast<double>(cells - 1);
          const auto below = static_cast<std::int64_t>(place);
          const double share = place - static_cast<double>(below);
          const auto value = [&](std::int64_t k) { return double{all.values[order[counts.find(k)]]}; };
          const double low = missing ? 0 : value(below);
          result[p](j, i) = missing ? kMissing : static_cast<float>(share > 0 ? low + share * (value(below + 1) - low) : low);
        }
      }
      for (std::int64_t dy = -radius; dy <= radius; ++dy) {  // empty for the next row
        const std::int64_t h = half[static_cast<std::size_t>(dy + radius)], centre = field.nx - 1 + radius;
        span(j, dy, centre - h, centre + h, -1);
      }
    }
  });
}

}  // namespace guyu
