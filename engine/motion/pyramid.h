#pragma once
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// A small owned plane; NaN = missing.
struct Plane {
  std::int64_t ny = 0, nx = 0;
  std::vector<float> values;
  Plane() = default;
  Plane(std::int64_t rows, std::int64_t columns, float fill = 0)
      : ny(rows), nx(columns), values(static_cast<std::size_t>(rows * columns), fill) {}
  float* row(std::int64_t j) { return values.data() + j * nx; }
  const float* row(std::int64_t j) const { return values.data() + j * nx; }
  FieldView<const float> view() const { return {values.data(), ny, nx, nx}; }
};

// ln(1 + rain rate / 0.2 mm/h) averaged over factor x factor cells. A block with less than half its cells
// valid is missing. Negative rates count as dry, infinite ones as missing.
Plane log_rain_blocks(FieldView<const float> rain_mm_h, std::int64_t factor);

// The image itself, lightly smoothed, and then halved again and again: level 0 is the finest.
std::vector<Plane> build_pyramid(Plane image, int levels);

}  // namespace guyu
