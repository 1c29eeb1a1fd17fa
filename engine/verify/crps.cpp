#include "engine/verify/crps.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "engine/verify/chunked_sum.h"

namespace guyu {
namespace {

constexpr std::size_t kBlock = 64;  // places side by side: with 24 members 6 KB, in the first cache

// The smaller values to a, the larger ones to b. No NaN is among them, so the two comparisons agree; each is
// one instruction for several places.
void exchange(float* __restrict a, float* __restrict b) {
  for (std::size_t k = 0; k < kBlock; ++k) {
    const float x = a[k], y = b[k];
    a[k] = x < y ? x : y;
    b[k] = x > y ? x : y;
  }
}

// Places [at, at + count) of the members; missing cells become 0 and their place is not known.
class Block {
 public:
  explicit Block(std::size_t members) : rows_(members * kBlock) {}

  void load(EnsembleView members, std::span<const float> observation, std::size_t at, std::size_t count) {
    if (count < kBlock) std::fill(rows_.begin(), rows_.end(), 0.0F);
    for (std::size_t k = 0; k < kBlock; ++k) truth_[k] = k < count ? observation[at + k] : std::numeric_limits<float>::quiet_NaN();
    for (std::size_t k = 0; k < kBlock; ++k) known_[k] = truth_[k] == truth_[k] ? 1.0F : 0.0F;
    for (std::size_t m = 0; m < members.size(); ++m) {
      const float* from = members[m].data() + at;
      float* row = rows_.data() + m * kBlock;
      std::copy_n(from, count, row);
      for (std::size_t k = 0; k < kBlock; ++k) {
        known_[k] = row[k] == row[k] ? known_[k] : 0.0F;
        row[k] = row[k] == row[k] ? row[k] : 0.0F;
      }
    }
    for (std::size_t k = 0; k < kBlock; ++k) truth_[k] = truth_[k] == truth_[k] ? truth_[k] : 0.0F;
  }

  void sort(const std::vector<Exchange>& network) {
    for (const Exchange& e : network) {
      exchange(rows_.data() + e.low * kBlock, rows_.data() + e.high * kBlock);
    }
  }

  void add_to(Crps& sum, std::size_t members) {
    double distance[kBlock] = {}, pairs[kBlock] = {};
    for (std::size_t m = 0; m < members; ++m) {
      const float* row = rows_.data() + m * kBlock;
      // The m-th smallest is the larger one of m pairs and the smaller one of M - 1 - m.
      const double weight = 2 * static_cast<double>(m) + 1 - static_cast<double>(members);
      for (std::size_t k = 0; k < kBlock; ++k) {
        distance[k] += std::abs(double{row[k]} - double{truth_[k]});
        pairs[k] += weight * double{row[k]};
      }
    }
    double all_distance = 0, all_pairs = 0, judged = 0;
    for (std::size_t k = 0; k < kBlock; ++k) {
      judged += double{known_[k]};
      if (known_[k] > 0) all_distance += distance[k], all_pairs += pairs[k];
    }
    const auto n = static_cast<double>(members);
    sum.judged += static_cast<std::size_t>(judged);
    sum.distance += all_distance / n;
    sum.dispersion += 2 * all_pairs / (n * n);
    sum.fair_dispersion += members > 1 ? 2 * all_pairs / (n * (n - 1)) : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  std::vector<float> rows_;  // [member][place]
  float truth_[kBlock], known_[kBlock];
};

}  // namespace

std::vector<Exchange> sorting_network(std::size_t n) {
  std::vector<Exchange> network;
  if (n < 2) return network;
  std::size_t top = 1;
  while (2 * top < n) top *= 2;
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t q = top, r = 0, d = p;
    while (true) {
      for (std::size_t i = 0; i + d < n; ++i)
        if ((i & p) == r) network.push_back({i, i + d});
      if (q == p) break;
      d = q - p, q /= 2, r = p;
    }
  }
  return network;
}

Crps& Crps::operator+=(const Crps& o) {
  judged += o.judged, unjudged += o.unjudged;
  distance += o.distance, dispersion += o.dispersion, fair_dispersion += o.fair_dispersion;
  return *this;
}

double Crps::score() const { return judged == 0 ? std::numeric_limits<double>::quiet_NaN() : (distance - dispersion / 2) / static_cast<double>(judged); }
double Crps::fair() const { return judged == 0 ? std::numeric_limits<double>::quiet_NaN() : (distance - fair_dispersion / 2) / static_cast<double>(judged); }

Crps crps(EnsembleView members, std::span<const float> observation) {
  assert(!members.empty());
  for ([[maybe_unused]] const auto& m : members) assert(m.size() == observation.size());
  const std::vector<Exchange> network = sorting_network(members.size());
  return sum_in_chunks<Crps>(std::ssize(observation), kScoreChunk, [&](std::int64_t begin, std::int64_t end) {
    Crps sum;
    Block block(members.size());
    const auto last = static_cast<std::size_t>(end);
    for (auto at = static_cast<std::size_t>(begin); at < last; at += kBlock) {
      block.load(members, observation, at, std::min(kBlock, last - at));
      block.sort(network);
      block.add_to(sum, members.size());
    }
    sum.unjudged = static_cast<std::size_t>(end - begin) - sum.judged;
    return sum;
  });
}

}  // namespace guyu
