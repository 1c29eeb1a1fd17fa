#pragma once
#include <cstdint>
#include <vector>

#include "hpc/parallel/parallel_for.h"

namespace guyu {

// Sum over [0, n) of body(begin, end), which is called for fixed chunks of `grain` items: the parts are added
// in the order of the chunks, so the sum has the same bits for any number of threads. Part:
// default-constructed empty, with +=.
template <typename Part, typename Body>
Part sum_in_chunks(std::int64_t n, std::int64_t grain, const Body& body) {
  std::vector<Part> parts(static_cast<std::size_t>((n + grain - 1) / grain));
  parallel_for(n, grain, [&](std::int64_t begin, std::int64_t end) { parts[static_cast<std::size_t>(begin / grain)] = body(begin, end); });
  Part total;
  for (const Part& p : parts) total += p;
  return total;
}

inline constexpr std::int64_t kScoreChunk = 1 << 14;  // cells: fits the first caches with several planes

}  // namespace guyu
