#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// Displacement of echo in cells per second, u towards higher columns and v towards higher rows, on a coarse
// control grid: node (r, c) stands at row (r + 0.5) * factor - 0.5, column (c + 0.5) * factor - 0.5 of the
// field. Finite everywhere; bilinear between nodes, linear beyond the outermost ones.
struct Motion {
  std::int64_t ny = 0, nx = 0;              // control nodes
  std::int64_t field_ny = 0, field_nx = 0;  // the field's cells
  std::int64_t factor = 1;                  // cells between nodes
  std::vector<float> u, v;
  std::vector<float> confidence;  // 0 = filled in from elsewhere ... 1 = well determined by echo here
  std::string note;               // why the motion is zero or which frames were left out; empty when all is well

  FieldView<const float> u_view() const { return {u.data(), ny, nx, nx}; }
  FieldView<const float> v_view() const { return {v.data(), ny, nx, nx}; }
  // Motion at a fractional field position.
  float u_at(double row, double column) const;
  float v_at(double row, double column) const;
};

// The same displacement everywhere.
Motion uniform_motion(std::int64_t field_ny, std::int64_t field_nx, float u, float v);

// Writes columns [begin, end) of row `j` of a control-grid plane at the resolution of its field, which has `n` columns:
// out[begin..end). `scratch` grows as needed. The same column has the same bits for every begin and end.
void expand_control_row(FieldView<const float> plane, std::int64_t factor, std::int64_t j, std::int64_t n, std::int64_t begin, std::int64_t end, float* out,
                        std::vector<float>& scratch);

// Buffers of sample_row; one per thread or chunk.
struct SampleScratch {
  std::vector<std::int32_t> column, row;
  std::vector<float> fx, fy;
};

// For i in [begin, end): out[i] = bilinear value of `image` at (j - scale * dy[i], i - scale * dx[i]); NaN
// when any of the four cells is missing or outside. Weights depend on the shift alone, so equal motion gives
// equal values.
void sample_row(FieldView<const float> image, std::int64_t j, std::int64_t begin, std::int64_t end, const float* dx, const float* dy, float scale, float* out,
                SampleScratch& scratch);

}  // namespace guyu
