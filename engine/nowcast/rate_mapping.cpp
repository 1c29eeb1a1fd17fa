#include "engine/nowcast/rate_mapping.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

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

inline std::int32_t bin_of(float z) {
  const float x = (z - kLow) * (1 / kPerBin);
  return static_cast<std::int32_t>(std::clamp(x, 0.0F, static_cast<float>(kBins - 1)));
}

float rate_of(double z) {
  return z < 10 * std::log10(kLeastRain)
             ? 0.0F
             : static_cast<float>(std::min<double>(std::pow(10.0, z / 10), kMostRain));
}
double edge(int bin) { return static_cast<double>(kLow) + static_cast<double>(kPerBin) * bin; }

std::vector<std::uint32_t> count_bins(FieldView<const float> field, const SeenArea& seen) {
  const auto chunks = static_cast<std::size_t>((field.ny + kRows - 1) / kRows);
  std::vector<std::vector<std::uint32_t>> part(chunks);
  parallel_for(field.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    // Four counters side by side: cells of one value in a row do not wait for each other.
    std::vector<std::array<std::uint32_t, 4>> count(kBins);
    for (std::int64_t j = begin; j < end; ++j) {
      const float* z = field.row(j);
      for (const SeenArea::Run& run : seen.row(j)) {
        for (std::int32_t i = run.begin; i < run.end; ++i)
          ++count[static_cast<std::size_t>(bin_of(z[i]))][static_cast<std::size_t>(i & 3)];
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

RateMapping::RateMapping(FieldView<const float> observed, Matching matching)
    : matching_(matching), seen_(observed) {
  std::int64_t valid = 0;
  double sum = 0;
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

float RateMapping::observed_quantile(double q) const {
  const double dry = 1 - wet_share_;
  if (wet_rates_.empty() || q <= dry) return 0;
  const double place = (q - dry) / wet_share_ * static_cast<double>(wet_rates_.size()) - 0.5;
  const auto last = static_cast<double>(wet_rates_.size() - 1);
  const double at = std::clamp(place, 0.0, last);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, wet_rates_.size() - 1);
  return wet_rates_[low] +
         static_cast<float>(at - static_cast<double>(low)) * (wet_rates_[high] - wet_rates_[low]);
}

std::vector<float> RateMapping::edges_of(const std::vector<std::uint32_t>& count) const {
  std::vector<float> rate(kBins + 1);
  const std::uint64_t valid = std::accumulate(count.begin(), count.end(), std::uint64_t{0});
  if (matching_ == Matching::cdf) {
    std::uint64_t below = 0;
    for (int b = 0; b <= kBins; ++b) {
      rate[static_cast<std::size_t>(b)] =
          valid > 0 ? observed_quantile(static_cast<double>(below) / static_cast<double>(valid)) : 0;
      if (b < kBins) below += count[static_cast<std::size_t>(b)];
    }
    return rate;
  }
  for (int b = 0; b <= kBins; ++b) rate[static_cast<std::size_t>(b)] = rate_of(edge(b));
  if (matching_ == Matching::mean && valid > 0) {
    double sum = 0;
    for (std::size_t b = 0; b < kBins; ++b)
      sum += 0.5 * static_cast<double>(count[b]) *
             (static_cast<double>(rate[b]) + static_cast<double>(rate[b + 1]));
    const double mean = sum / static_cast<double>(valid);
    const auto factor = static_cast<float>(mean > 0 ? mean_ / mean : 0);
    for (float& r : rate) r = std::min(r * factor, kMostRain);
  }
  return rate;
}

void RateMapping::apply(FieldView<float> field, const SeenArea& shown) const {
  const std::vector<float> rate =
      edges_of(matching_ == Matching::none ? std::vector<std::uint32_t>(kBins) : count_bins(field, seen_));
  parallel_for(field.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      float* z = field.row(j);
      std::int64_t at = 0;
      for (const SeenArea::Run& run : shown.row(j)) {
        std::fill(z + at, z + run.begin, kNaN);
        for (std::int32_t i = run.begin; i < run.end; ++i) {
          const float place =
              std::clamp((z[i] - kLow) * (1 / kPerBin), 0.0F, static_cast<float>(kBins) - 0.5F);
          const auto b = static_cast<std::int32_t>(place);
          const float low = rate[static_cast<std::size_t>(b)], high = rate[static_cast<std::size_t>(b) + 1];
          const float r = low + (place - static_cast<float>(b)) * (high - low);
          z[i] = r < kLeastRain ? 0.0F : r;
        }
        at = run.end;
      }
      std::fill(z + at, z + field.nx, kNaN);
    }
  });
}

}  // namespace guyu
