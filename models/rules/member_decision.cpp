#include "models/rules/member_decision.h"

#include <algorithm>
#include <limits>

namespace guyu {
namespace {

constexpr double kRounding = 1e-6;  // shares are floats: seven of ten members are 0.69999999

constexpr std::size_t kSide = 64;  // regions that are sorted side by side
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::int32_t mask(bool b) { return b ? -1 : 0; }

// Batcher's merge exchange (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M): the pairs to put in order, one after the other, whatever the values.
std::vector<std::pair<std::size_t, std::size_t>> sorting_network(std::size_t n) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::size_t top = 1;
  while (2 * top < n) top *= 2;
  for (std::size_t p = n > 1 ? top : 0; p > 0; p /= 2) {
    std::size_t q = top, r = 0, d = p;
    while (true) {
      for (std::size_t i = 0; i + d < n; ++i)
        if ((i & p) == r) pairs.emplace_back(i, i + d);
      if (q == p) break;
      d = q - p, q /= 2, r = p;
    }
  }
  return pairs;
}

// Level and probabilities of a region by the number of futures that are Unknown, None, Blue ... Red.
void decide_level(const std::array<std::int32_t, 6>& count, float n, const std::array<double, 4>& needed, const CalibratedProbability& calibrated,
                  std::size_t region, MemberDecision& d) {
  d.unknown_share = static_cast<float>(count[0]) / n;
  d.level = Level::none;
  bool could_be_more = false;
  float milder = 1;
  const bool calibrates = calibrated && d.unknown_share < 1;  // what cannot be told cannot be calibrated
  d.share.reset();
  if (calibrates) d.share.emplace();
  int reach = count[2] + count[3] + count[4] + count[5];
  for (std::size_t l = 0; l < 4; reach -= count[l + 2], ++l) {
    float p = static_cast<float>(reach) / n;
    if (calibrates) {
      (*d.share)[l] = p;
      p = calibrated(region, static_cast<Level>(l + 1), p);
    }
    milder = d.probability[l] = std::min(p, milder);
    if (double{milder} >= needed[l]) d.level = static_cast<Level>(l + 1);
    could_be_more = could_be_more || double{milder} + double{d.unknown_share} >= needed[l];
  }
  if (d.level == Level::none && could_be_more && count[0] > 0) d.level = Level::unknown;
}

}  // namespace

MemberDecisions::MemberDecisions(std::size_t members, std::size_t block)
    : members_(members), decisions_(block), counts_(block), exchanges_(sorting_network(members)), sorted_(members * kSide) {}

void MemberDecisions::decide(const FutureRows& futures, std::size_t n, const RulePack& pack, const CalibratedProbability& calibrated, std::size_t first) {
  std::fill_n(counts_.begin(), n, std::array<std::int32_t, 6>{});
  for (std::size_t m = 0; m < members_; ++m) {
    const std::int8_t* level = futures.level + m * futures.level_stride;
    for (std::size_t k = 0; k < n; ++k) ++counts_[k][static_cast<std::size_t>(level[k] + 1)];
  }
  std::array<double, 4> needed{};
  for (std::size_t l = 0; l < 4; ++l) needed[l] = pack.needed_probability(static_cast<Level>(l + 1)) - kRounding;
  for (std::size_t k = 0; k < n; ++k) decide_level(counts_[k], static_cast<float>(members_), needed, calibrated, first + k, decisions_[k]);
  for (std::size_t begin = 0; begin < n; begin += kSide) find_middle(futures, begin, std::min(kSide, n - begin));
}

// Of the futures of the level given, the one whose nearness is in the middle; of equal ones the first ones come first.
void MemberDecisions::find_middle(const FutureRows& futures, std::size_t begin, std::size_t n) {
  // A level that no future has: those that come nearest to it.
  std::array<std::int32_t, kSide> least{}, most{};  // levels of those that stand for the region
  std::array<std::int32_t, kSide> rank{}, before{}, middle{};
  std::array<float, kSide> value{};
  for (std::size_t k = 0; k < n; ++k) {
    const std::array<std::int32_t, 6>& count = counts_[begin + k];
    const auto given = static_cast<std::size_t>(static_cast<int>(decisions_[begin + k].level) + 1);
    std::size_t from = given, to = given;
    if (count[given] == 0) {  // severer ones are as near as can be
      std::int32_t severer = 0;
      for (std::size_t l = given + 1; l < count.size(); ++l) severer += count[l];
      if (severer > 0) to = count.size() - 1;
      while (severer == 0 && count[from] == 0) --from, to = from;
    }
    least[k] = static_cast<std::int32_t>(from) - 1, most[k] = static_cast<std::int32_t>(to) - 1;
    std::int32_t standing = 0;
    for (std::size_t l = from; l <= to; ++l) standing += count[l];
    rank[k] = (standing - 1) / 2;
  }
  // Those that do not stand for the region come last.
  for (std::size_t m = 0; m < members_; ++m) {
    const std::int8_t* level = futures.level + m * futures.level_stride + begin;
    const float* nearness = futures.nearness + m * futures.nearness_stride + begin;
    float* __restrict out = &sorted_[m * kSide];
    for (std::size_t k = 0; k < n; ++k) {
      const float near = nearness[k];
      const std::int32_t of_member = level[k];
      out[k] = (mask(of_member >= least[k]) & mask(of_member <= most[k])) != 0 ? near : kInfinity;
    }
  }
  float* sorted = sorted_.data();
  for (const auto& [i, j] : exchanges_) {
    float* __restrict a = &sorted[i * kSide], * __restrict b = &sorted[j * kSide];
    for (std::size_t k = 0; k < kSide; ++k) {
      // Two comparisons that are not each other's opposite stay two instructions without a branch; equal values may stand for each other.
      const float x = a[k], y = b[k], lesser = y < x ? y : x, greater = x >= y ? x : y;
      a[k] = lesser, b[k] = greater;
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    value[k] = sorted[static_cast<std::size_t>(rank[k]) * kSide + k];
    std::int32_t equal = rank[k];  // of those equal to it so many come before
    while (equal > 0 && sorted[static_cast<std::size_t>(equal - 1) * kSide + k] == value[k]) --equal;
    before[k] = rank[k] - equal;
  }
  for (std::size_t m = 0; m < members_; ++m) {
    const std::int8_t* level = futures.level + m * futures.level_stride + begin;
    const float* nearness = futures.nearness + m * futures.nearness_stride + begin;
    const auto number = static_cast<std::int32_t>(m);
    for (std::size_t k = 0; k < n; ++k) {
      const std::int32_t of_member = level[k], left = before[k], so_far = middle[k];
      const std::int32_t it = mask(nearness[k] == value[k]) & mask(of_member >= least[k]) & mask(of_member <= most[k]);
      middle[k] = (it & mask(left == 0)) != 0 ? number : so_far;
      before[k] = left + it;
    }
  }
  for (std::size_t k = 0; k < n; ++k) decisions_[begin + k].middle = static_cast<std::size_t>(middle[k]);
}

}  // namespace guyu
