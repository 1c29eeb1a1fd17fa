#include "hpc/bench/bandwidth.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "hpc/parallel/parallel_for.h"

namespace guyu::bench {

std::vector<Measurement> memory_bandwidth(int repeats) {
  constexpr std::int64_t kCells = 1 << 25, kChunk = 1 << 18;  // 128 MiB an array
  const auto plane = [] { return std::make_unique<float[]>(static_cast<std::size_t>(kCells)); };
  const auto a = plane(), b = plane(), c = plane();
  std::fill_n(b.get(), kCells, 1.0F);
  std::fill_n(c.get(), kCells, 2.0F);
  const int all = num_threads();
  std::vector<Measurement> out;
  for (const int threads : {1, all}) {
    if (threads == 1 && !out.empty()) break;
    set_num_threads(threads);
    Measurement m;
    m.stage = fmt::format("triad x{}", threads);
    m.data = "128 MiB arrays";
    m.repeats = 2 * repeats + 1;
    m.bytes = 12.0 * static_cast<double>(kCells);
    m.seconds = median_seconds(m.repeats, [&] {
      parallel_for(kCells, kChunk, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) a[static_cast<std::size_t>(i)] = b[static_cast<std::size_t>(i)] + 0.5F * c[static_cast<std::size_t>(i)];
      });
    });
    out.push_back(m);
  }
  set_num_threads(all);
  return out;
}

double best_rate(const std::vector<Measurement>& triads) {
  double best = 0;
  for (const Measurement& m : triads) best = std::max(best, m.bytes / m.seconds);
  return best;
}

}  // namespace guyu::bench
