#include "engine/nowcast/uniform_blocks.h"

#include <algorithm>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Summary {
  float low = kInfinity, high = -kInfinity;  // of the finite cells
  std::int32_t finite = 0, missing = 0;
};

Summary summarise(FieldView<const float> f, std::int64_t j0, std::int64_t j1, std::int64_t i0, std::int64_t i1) {
  constexpr int kLanes = 8;  // independent partial results, so that the loop vectorises
  float low[kLanes], high[kLanes];
  std::int32_t finite[kLanes] = {}, missing[kLanes] = {};
  std::fill_n(low, kLanes, kInfinity);
  std::fill_n(high, kLanes, -kInfinity);
  const auto take = [&](int k, float x) {
    const bool ok = x - x == 0.0F;  // neither NaN nor infinite
    const float a = ok ? x : kInfinity, b = ok ? x : -kInfinity;
    low[k] = a < low[k] ? a : low[k];
    high[k] = b > high[k] ? b : high[k];
    finite[k] += ok ? 1 : 0;
    missing[k] += x != x ? 1 : 0;
  };
  for (std::int64_t j = j0; j < j1; ++j) {
    const float* p = f.row(j) + i0;
    const std::int64_t n = i1 - i0;
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
      for (int k = 0; k < kLanes; ++k) take(k, p[i + k]);
    }
    for (; i < n; ++i) take(0, p[i]);
  }
  Summary s;
  for (int k = 0; k < kLanes; ++k) {
    s.low = std::min(s.low, low[k]);
    s.high = std::max(s.high, high[k]);
    s.finite += finite[k];
    s.missing += missing[k];
  }
  return s;
}

}  // namespace

UniformBlocks::UniformBlocks(FieldView<const float> f) : ny_(f.ny), nx_(f.nx), blocks_x_((f.nx + kSize - 1) / kSize), low_(kInfinity), high_(-kInfinity) {
  const std::int64_t blocks_y = (f.ny + kSize - 1) / kSize;
  const auto n = static_cast<std::size_t>(blocks_y * blocks_x_);
  kind_.assign(n, Kind::mixed);
  value_.assign(n, 0.0F);
  std::vector<Summary> summaries(n);
  parallel_for(blocks_y, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      for (std::int64_t a = 0; a < blocks_x_; ++a) {
        const std::int64_t j1 = std::min((b + 1) * kSize, f.ny), i1 = std::min((a + 1) * kSize, f.nx);
        const Summary s = summarise(f, b * kSize, j1, a * kSize, i1);
        const auto k = static_cast<std::size_t>(b * blocks_x_ + a);
        const auto cells = static_cast<std::int32_t>((j1 - b * kSize) * (i1 - a * kSize));
        summaries[k] = s;
        if (s.missing == cells) {
          kind_[k] = Kind::missing;
        } else if (s.finite == cells && s.low == s.high) {
          kind_[k] = Kind::constant;
          value_[k] = s.low;
        }
      }
    }
  });
  for (const Summary& s : summaries) {
    low_ = std::min(low_, s.low);
    high_ = std::max(high_, s.high);
  }
}

std::optional<float> UniformBlocks::value_in(std::int64_t j0, std::int64_t j1, std::int64_t i0, std::int64_t i1) const {
  if (j0 < 0 || i0 < 0 || j1 >= ny_ || i1 >= nx_ || j0 > j1 || i0 > i1) return std::nullopt;
  const auto first = static_cast<std::size_t>(j0 / kSize * blocks_x_ + i0 / kSize);
  const Kind kind = kind_[first];
  if (kind == Kind::mixed) return std::nullopt;
  for (std::int64_t b = j0 / kSize; b <= j1 / kSize; ++b) {
    for (std::int64_t a = i0 / kSize; a <= i1 / kSize; ++a) {
      const auto k = static_cast<std::size_t>(b * blocks_x_ + a);
      if (kind_[k] != kind || (kind == Kind::constant && value_[k] != value_[first])) return std::nullopt;
    }
  }
  return kind == Kind::missing ? std::numeric_limits<float>::quiet_NaN() : value_[first];
}

}  // namespace guyu
