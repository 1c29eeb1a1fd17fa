#include "engine/verify/spread_skill.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "engine/verify/chunked_sum.h"

namespace guyu {
namespace {

constexpr std::size_t kBlock = 256;

double root_mean(double sum, std::size_t n) { return n == 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(sum / static_cast<double>(n)); }

std::size_t bin_of(double spread) {
  std::size_t bin = 0;
  for (double edge = SpreadSkill::kFirst; bin + 1 < SpreadSkill::kBins && spread >= edge; edge *= 2) ++bin;
  return bin;
}

// Means of `count` places; NaN where a member is.
void block_mean(EnsembleView members, std::size_t at, std::size_t count, double* mean) {
  std::fill_n(mean, count, 0.0);
  for (const auto& member : members)
    for (std::size_t k = 0; k < count; ++k) mean[k] += double{member[at + k]};
  for (std::size_t k = 0; k < count; ++k) mean[k] /= static_cast<double>(members.size());
}

}  // namespace

SpreadSkill& SpreadSkill::operator+=(const SpreadSkill& o) {
  if (o.judged > 0) factor = o.factor;
  judged += o.judged, dry += o.dry, unjudged += o.unjudged;
  variance += o.variance, square_error += o.square_error;
  for (std::size_t b = 0; b < kBins; ++b) {
    bins[b].count += o.bins[b].count;
    bins[b].variance += o.bins[b].variance;
    bins[b].square_error += o.bins[b].square_error;
  }
  return *this;
}

double SpreadSkill::spread() const { return root_mean(variance, judged); }
double SpreadSkill::error() const { return root_mean(square_error, judged); }
double SpreadSkill::ratio() const { return square_error > 0 ? factor * spread() / error() : std::numeric_limits<double>::quiet_NaN(); }

SpreadSkill spread_skill(EnsembleView members, std::span<const float> observation, double least) {
  assert(members.size() > 1);
  const auto n = static_cast<double>(members.size());
  const auto limit = double{static_cast<float>(least)};  // as the values are: an observation of 0.7 is at least 0.7
  return sum_in_chunks<SpreadSkill>(std::ssize(observation), kScoreChunk, [&](std::int64_t begin, std::int64_t end) {
    SpreadSkill s;
    s.factor = std::sqrt((n + 1) / n);
    double mean[kBlock], squares[kBlock];
    for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); at += kBlock) {
      const std::size_t count = std::min(kBlock, static_cast<std::size_t>(end) - at);
      block_mean(members, at, count, mean);
      std::fill_n(squares, count, 0.0);
      for (const auto& member : members)
        for (std::size_t k = 0; k < count; ++k) squares[k] += (double{member[at + k]} - mean[k]) * (double{member[at + k]} - mean[k]);
      for (std::size_t k = 0; k < count; ++k) {
        const auto o = double{observation[at + k]};
        if (std::isnan(o) || std::isnan(mean[k])) {
          ++s.unjudged;
        } else if (o < limit && mean[k] < limit) {
          ++s.dry;
        } else {
          const double variance = squares[k] / (n - 1), error = (mean[k] - o) * (mean[k] - o);
          SpreadSkill::Bin& bin = s.bins[bin_of(std::sqrt(variance))];
          ++s.judged, ++bin.count;
          s.variance += variance, bin.variance += variance;
          s.square_error += error, bin.square_error += error;
        }
      }
    }
    return s;
  });
}

void ensemble_mean(EnsembleView members, std::span<float> out) {
  parallel_for(std::ssize(out), kScoreChunk, [&](std::int64_t begin, std::int64_t end) {
    double mean[kBlock];
    for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); at += kBlock) {
      const std::size_t count = std::min(kBlock, static_cast<std::size_t>(end) - at);
      block_mean(members, at, count, mean);
      for (std::size_t k = 0; k < count; ++k) out[at + k] = static_cast<float>(mean[k]);
    }
  });
}

}  // namespace guyu
