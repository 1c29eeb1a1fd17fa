#include "engine/verify/rank_histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/core/error.h"
#include "engine/verify/chunked_sum.h"
#include "engine/verify/counter_hash.h"

namespace guyu {

RankHistogram& RankHistogram::operator+=(const RankHistogram& o) {
  unjudged += o.unjudged;
  if (o.counts.empty()) return *this;
  if (counts.empty()) counts.resize(o.counts.size());
  if (counts.size() != o.counts.size()) throw Error("", "ensembles of different sizes cannot share one rank histogram", "verify them one by one");
  std::transform(counts.begin(), counts.end(), o.counts.begin(), counts.begin(), std::plus<>());
  return *this;
}

double RankHistogram::unevenness() const {
  const double all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  if (all == 0) return std::numeric_limits<double>::quiet_NaN();
  const double even = all / static_cast<double>(counts.size());
  double sum = 0;
  for (const std::uint64_t c : counts) sum += std::abs(static_cast<double>(c) - even);
  return sum / all;
}

RankHistogram rank_histogram(EnsembleView members, std::span<const float> observation, std::uint64_t salt) {
  constexpr std::size_t kBlock = 256;
  RankHistogram histogram = sum_in_chunks<RankHistogram>(std::ssize(observation), kScoreChunk, [&](std::int64_t begin, std::int64_t end) {
    RankHistogram h;
    h.counts.resize(members.size() + 1);
    for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); at += kBlock) {
      const std::size_t count = std::min(kBlock, static_cast<std::size_t>(end) - at);
      std::uint32_t below[kBlock] = {}, equal[kBlock] = {}, known[kBlock] = {};
      for (const auto& member : members) {
        const float *x = member.data() + at, *o = observation.data() + at;
        for (std::size_t k = 0; k < count; ++k) {
          below[k] += static_cast<std::uint32_t>(x[k] < o[k]);
          equal[k] += static_cast<std::uint32_t>(x[k] == o[k]);
          known[k] += static_cast<std::uint32_t>(x[k] == x[k]);
        }
      }
      for (std::size_t k = 0; k < count; ++k) {
        if (std::isnan(observation[at + k]) || known[k] != members.size()) ++h.unjudged;
        else ++h.counts[below[k] + (equal[k] == 0 ? 0 : counter_below(salt, at + k, equal[k] + 1))];
      }
    }
    return h;
  });
  histogram.counts.resize(members.size() + 1);
  return histogram;
}

}  // namespace guyu
