#include "engine/nowcast/cascade_noise.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {
constexpr std::int64_t kBlock = 64;  // columns that are drawn together
}  // namespace

NoiseRows::NoiseRows(const RandomStream& stream, const NoiseKernel& kernel, std::int64_t nx)
    : stream_(stream), side_row_(kernel.along_row), side_column_(kernel.along_column),
      scale_(1 / std::sqrt((1 + 2 * kernel.along_row * kernel.along_row) * (1 + 2 * kernel.along_column * kernel.along_column))), nx_(nx),
      mixed_(static_cast<std::size_t>(nx + 2)), out_(static_cast<std::size_t>(nx)) {
  const std::int64_t blocks = (nx + 2 + kBlock - 1) / kBlock;
  for (White& w : kept_) {
    w.values.resize(static_cast<std::size_t>(blocks * kBlock));
    w.drawn.resize(static_cast<std::size_t>(blocks));
  }
}

const float* NoiseRows::white_row(std::int64_t j, std::int64_t begin, std::int64_t end) {
  White& w = kept_[static_cast<std::size_t>((j + 3) % 3)];
  if (w.row != j) {
    w.row = j;
    std::fill(w.drawn.begin(), w.drawn.end(), std::uint8_t{0});
  }
  for (std::int64_t b = begin / kBlock; b <= (end - 1) / kBlock; ++b) {
    if (w.drawn[static_cast<std::size_t>(b)]) continue;
    w.drawn[static_cast<std::size_t>(b)] = 1;
    stream_.fill_row(static_cast<std::uint32_t>(j + 1), b * kBlock, kBlock, w.values.data() + b * kBlock);
  }
  return w.values.data();
}

const float* NoiseRows::row(std::int64_t j, std::int64_t begin, std::int64_t end) {
  // Column i of the level is number i + 1 of the white row.
  const std::int64_t first = begin, last = end + 2;
  const float* above = white_row(j - 1, first, last);
  const float* here = white_row(j, first, last);
  const float* below = white_row(j + 1, first, last);
  float* m = mixed_.data();
  for (std::int64_t i = first; i < last; ++i) m[i] = here[i] + side_column_ * (above[i] + below[i]);
  float* out = out_.data();
  for (std::int64_t i = begin; i < end; ++i) out[i] = scale_ * (m[i + 1] + side_row_ * (m[i] + m[i + 2]));
  return out;
}

}  // namespace guyu
