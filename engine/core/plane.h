#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// A small owned plane without a grid of its own; NaN = missing.
struct Plane {
  std::int64_t ny = 0, nx = 0;
  std::vector<float> values;
  Plane() = default;
  Plane(std::int64_t rows, std::int64_t columns, float fill = 0) : ny(rows), nx(columns), values(static_cast<std::size_t>(rows * columns), fill) {}
  float* row(std::int64_t j) { return values.data() + j * nx; }
  const float* row(std::int64_t j) const { return values.data() + j * nx; }
  FieldView<float> view() { return {values.data(), ny, nx, nx}; }
  FieldView<const float> view() const { return {values.data(), ny, nx, nx}; }
};

}  // namespace guyu
