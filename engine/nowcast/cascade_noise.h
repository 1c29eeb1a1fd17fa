#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "engine/nowcast/cascade_model.h"
#include "hpc/parallel/random.h"

namespace guyu {

// Rows of noise of one level, variance 1, correlated along rows and columns as its kernel says. A row has the
// same values whichever rows were asked for before; consecutive rows are cheapest. One object per thread.
class NoiseRows {
 public:
  NoiseRows(const RandomStream& stream, const NoiseKernel& kernel, std::int64_t nx);
  const float* row(std::int64_t j);

 private:
  float* white_row(std::int64_t j);  // filtered along the row; -1 is the row above the first
  RandomStream stream_;
  float side_row_, side_column_, scale_;
  std::int64_t nx_;
  std::array<std::vector<float>, 3> kept_;
  std::array<std::int64_t, 3> holds_;
  std::vector<float> raw_, out_;
};

}  // namespace guyu
