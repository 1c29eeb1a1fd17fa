#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/verify/chunked_sum.h"
#include "engine/verify/counter_hash.h"

namespace guyu {

struct Bounds {
  double low = 0, high = 0;  // NaN: there is no such bound
};

// The values between which the middle `share` of the draws lies, linear between neighbours; NaN draws (no
// such score in that draw) are left out, and with fewer than half of the draws, or none, there are no bounds.
// O(n log n).
Bounds percentile_bounds(std::vector<double> draws, double share);

// Confidence bounds by the block bootstrap: `repeats` times as many blocks as there are are drawn with
// replacement and merged, and each score is formed anew from the sums. Blocks are spans of time long enough
// that what happened in one says little of the next; errors of neighbouring cells and steps stay together in
// their block. Draw b of repeat r comes from a hash of (seed, r, b): the same for any number of threads.
// Source: Kuensch (1989), Annals of Statistics 17; Efron and Tibshirani (1993), chapter 13 (percentile
// bounds).
//   blocks: sums with += and a default; values(sums) -> std::vector<double>, always of one length.
// With a single block there is nothing to draw from: bounds are NaN. O(repeats x blocks x size of the sums).
template <typename Sums, typename Values>
std::vector<Bounds> bootstrap_bounds(const std::vector<Sums>& blocks, std::size_t repeats, std::uint64_t seed, double share, const Values& values) {
  const std::size_t n = blocks.size();
  std::vector<std::vector<double>> draws(repeats);
  if (n > 1) {
    parallel_for(static_cast<std::int64_t>(repeats), 8, [&](std::int64_t begin, std::int64_t end) {
      for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
        Sums sum;
        for (std::size_t b = 0; b < n; ++b) sum += blocks[counter_below(seed, r * n + b, n)];
        draws[r] = values(sum);
      }
    });
  }
  std::vector<Bounds> bounds;
  const std::size_t scores = n > 1 && repeats > 0 ? draws.front().size() : n == 0 ? 0 : values(blocks.front()).size();
  for (std::size_t s = 0; s < scores; ++s) {
    std::vector<double> one;
    if (n > 1)
      for (const auto& d : draws) one.push_back(d[s]);
    bounds.push_back(percentile_bounds(std::move(one), share));
  }
  return bounds;
}

}  // namespace guyu
