#include "engine/nowcast/cascade_noise.h"

#include <cmath>
#include <limits>

namespace guyu {

NoiseRows::NoiseRows(const RandomStream& stream, const NoiseKernel& kernel, std::int64_t nx)
    : stream_(stream),
      side_row_(kernel.along_row),
      side_column_(kernel.along_column),
      scale_(1 / std::sqrt((1 + 2 * kernel.along_row * kernel.along_row) *
                           (1 + 2 * kernel.along_column * kernel.along_column))),
      nx_(nx),
      raw_(static_cast<std::size_t>(nx + 2)),
      out_(static_cast<std::size_t>(nx)) {
  holds_.fill(std::numeric_limits<std::int64_t>::min());
  for (auto& k : kept_) k.resize(static_cast<std::size_t>(nx));
}

float* NoiseRows::white_row(std::int64_t j) {
  const auto slot = static_cast<std::size_t>((j + 3) % 3);
  float* out = kept_[slot].data();
  if (holds_[slot] == j) return out;
  holds_[slot] = j;
  // One cell more at each end, and one row more above, so that the borders are no different.
  stream_.fill_row(static_cast<std::uint32_t>(j + 1), nx_ + 2, raw_.data());
  const float* w = raw_.data() + 1;
  for (std::int64_t i = 0; i < nx_; ++i) out[i] = w[i] + side_row_ * (w[i - 1] + w[i + 1]);
  return out;
}

const float* NoiseRows::row(std::int64_t j) {
  const float* above = white_row(j - 1);
  const float* here = white_row(j);
  const float* below = white_row(j + 1);
  for (std::int64_t i = 0; i < nx_; ++i)
    out_[static_cast<std::size_t>(i)] = scale_ * (here[i] + side_column_ * (above[i] + below[i]));
  return out_.data();
}

}  // namespace guyu
