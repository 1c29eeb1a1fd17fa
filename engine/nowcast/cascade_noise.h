#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "engine/nowcast/cascade_model.h"
#include "hpc/parallel/random.h"

namespace guyu {

// Rows of noise of one level, variance 1, correlated along rows and columns as its kernel says. A cell has the same value whatever was asked for before;
// consecutive rows are cheapest, and only the numbers around the wanted columns are drawn. One object per thread.
class NoiseRows {
 public:
  NoiseRows(const RandomStream& stream, const NoiseKernel& kernel, std::int64_t nx);
  // Column i of row j stands at [i]; only columns [begin, end) are filled.
  const float* row(std::int64_t j, std::int64_t begin, std::int64_t end);
  const float* row(std::int64_t j) { return row(j, 0, nx_); }

 private:
  // White noise with one column more on each side; -1 is the row above the first.
  struct White {
    std::int64_t row = -2;
    std::vector<float> values;
    std::vector<std::uint8_t> drawn;  // by block
  };
  const float* white_row(std::int64_t j, std::int64_t begin, std::int64_t end);
  RandomStream stream_;
  float side_row_, side_column_, scale_;
  std::int64_t nx_;
  std::array<White, 3> kept_;
  std::vector<float> mixed_, out_;
};

}  // namespace guyu
