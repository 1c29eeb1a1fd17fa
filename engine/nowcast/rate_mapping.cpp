#include "engine/nowcast/rate_mapping.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/nowcast/rain_scale.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr int kBins = 8192;
constexpr float kLow = -80.01F,
                kHigh = 83.83F;  // dB; 0.02 a bin, and neither kDryDecibel nor whole decibels lie on an edge
constexpr float kPerBin = (kHigh - kLow) / kBins;
constexpr std::int64_t kRows = 64;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// In bins from the lowest.
inline float place_of(float z) {
  const float x = (z - kLow) * (1 / kPerBin);
  return x > 0 ? std::min(x, static_cast<float>(kBins) - 0.5F) : 0.0F;
}

float rate_of(double z) { return static_cast<float>(std::min<double>(std::pow(10.0, z / 10), kMostRain)); }
double edge(std::size_t bin) { return static_cast<double>(kLow) + static_cast<double>(kPerBin) * static_cast<double>(bin); }

std::vector<std::uint32_t> count_bins(FieldView<const float> field, const SeenArea& seen) {
  const auto chunks = static_cast<std::size_t>((field.ny + kRows - 1) / kRows);
  std::vector<std::vector<std::uint32_t>> part(chunks);
  parallel_for(field.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    // Four counters side by side: cells of one value in a row do not wait for each other.
    std::vector<std::array<std::uint32_t, 4>> count(kBins);
    for (std::int64_t j = begin; j < end; ++j) {
      const float* z = field.row(j);
      for (const SeenArea::Run& run : seen.row(j)) {
        for (std::int32_t i = run.begin; i < run.end; ++i) ++count[static_cast<std::size_t>(place_of(z[i]))][static_cast<std::size_t>(i & 3)];
      }
    }
    auto& sum = part[static_cast<std::size_t>(begin / kRows)];
    sum.resize(kBins);
    for (std::size_t b = 0; b < kBins; ++b) sum[b] = count[b][0] + count[b][1] + count[b][2] + count[b][3];
  });
  std::vector<std::uint32_t> all(kBins);
  for (const auto& p : part) {
    for (std::size_t b = 0; b < kBins; ++b) all[b] += p[b];
  }
  return all;
}

}  // namespace

RateMapping::RateMapping(FieldView<const float> observed, Matching matching) : matching_(matching), seen_(observed) {
  std::int64_t valid = 0, wet = 0;
  double sum = 0;
  for (std::int64_t j = 0; j < observed.ny; ++j) wet += std::count_if(observed.row(j), observed.row(j) + observed.nx, [](float r) { return r >= kLeastRain; });
  wet_rates_.reserve(static_cast<std::size_t>(wet));
  for (std::int64_t j = 0; j < observed.ny; ++j) {
    const float* r = observed.row(j);
    for (std::int64_t i = 0; i < observed.nx; ++i) {
      if (!std::isfinite(r[i])) continue;
      ++valid;
      if (r[i] < kLeastRain) continue;
      wet_rates_.push_back(std::min(r[i], kMostRain));
      sum += static_cast<double>(wet_rates_.back());
    }
  }
  std::sort(wet_rates_.begin(), wet_rates_.end());
  if (valid > 0) {
    wet_share_ = static_cast<double>(wet_rates_.size()) / static_cast<double>(valid);
    mean_ = sum / static_cast<double>(valid);
  }
}

float RateMapping::observed_above(std::int64_t drier) const {
  const auto last = static_cast<std::int64_t>(wet_rates_.size()) - 1;
  const auto at = [&](std::int64_t k) { return wet_rates_[static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, last))]; };
  return 0.5F * (at(drier - 1) + at(drier));
}

std::vector<RateMapping::Segment> RateMapping::matched_ranks(const std::vector<std::uint32_t>& count) const {
  const std::int64_t dry = seen_.cells() - static_cast<std::int64_t>(wet_rates_.size());
  std::vector<Segment> rate(kBins);
  std::int64_t below = 0;
  for (std::size_t b = 0; b < kBins; ++b) {
    const std::int64_t here = count[b], still_dry = std::max<std::int64_t>(dry - below, 0);
    const std::int64_t drier = std::max<std::int64_t>(below - dry, 0);
    below += here;
    // The bin in which the rain begins is all dry or all wet, as most of its cells should be: a rate between
    // none and the least would be one that nobody observed.
    if (below <= dry || 2 * still_dry >= std::max<std::int64_t>(here, 1)) continue;
    const float low = observed_above(drier);
    rate[b] = {low, observed_above(below - dry) - low};
  }
  return rate;
}

float RateMapping::factor_to_mean(const std::vector<std::uint32_t>& count) const {
  std::vector<float> middle_rate(kBins);
  for (std::size_t b = 0; b < kBins; ++b) middle_rate[b] = rate_of(0.5 * (edge(b) + edge(b + 1)));
  const auto mean_after = [&](double factor) {
    double sum = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
      const double r = factor * static_cast<double>(middle_rate[b]);
      if (r >= static_cast<double>(kLeastRain)) sum += static_cast<double>(count[b]) * std::min<double>(r, kMostRain);
    }
    return sum / static_cast<double>(seen_.cells());
  };
  // The mean grows with the factor, if by steps: bisection of its logarithm.
  double low = -30, high = 30;
  for (int k = 0; k < 40; ++k) {
    const double middle = 0.5 * (low + high);
    (mean_after(std::exp2(middle)) < mean_ ? low : high) = middle;
  }
  return static_cast<float>(std::exp2(high));
}

std::vector<RateMapping::Segment> RateMapping::segments(FieldView<const float> field) const {
  std::vector<Segment> rate(kBins);
  if (wet_rates_.empty() && matching_ != Matching::none) return rate;
  const std::vector<std::uint32_t> count = matching_ == Matching::none ? std::vector<std::uint32_t>() : count_bins(field, seen_);
  if (matching_ == Matching::cdf) return matched_ranks(count);
  const float factor = matching_ == Matching::mean ? factor_to_mean(count) : 1.0F;
  const auto at = [&](std::size_t b) { return std::min(factor * rate_of(edge(b)), kMostRain); };
  for (std::size_t b = 0; b < kBins; ++b) rate[b] = {at(b), at(b + 1) - at(b)};
  return rate;
}

void RateMapping::apply(FieldView<float> field, const SeenArea& shown) const {
  const std::vector<Segment> rate = segments(field);
  parallel_for(field.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      float* z = field.row(j);
      std::int64_t at = 0;
      for (const SeenArea::Run& run : shown.row(j)) {
        std::fill(z + at, z + run.begin, kNaN);
        for (std::int32_t i = run.begin; i < run.end; ++i) {
          const float place = place_of(z[i]);
          const auto b = static_cast<std::int32_t>(place);
          const Segment& s = rate[static_cast<std::size_t>(b)];
          const float r = s.low + (place - static_cast<float>(b)) * s.rise;
          z[i] = r < kLeastRain ? 0.0F : r;
        }
        at = run.end;
      }
      std::fill(z + at, z + field.nx, kNaN);
    }
  });
}

}  // namespace guyu
