#include "engine/motion/motion.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {
namespace {

// Position on the control axis, split into a node and a weight that may leave [0, 1] beyond the outermost
// nodes.
struct Split {
  std::int64_t node = 0, next = 0;
  float weight = 0;
};

Split split(double position, std::int64_t nodes) {
  Split s;
  if (nodes < 2) return s;
  const double low = std::clamp(std::floor(position), 0.0, static_cast<double>(nodes - 2));
  s.node = static_cast<std::int64_t>(low);
  s.next = s.node + 1;
  s.weight = static_cast<float>(std::clamp(position - low, -0.5, 1.5));
  return s;
}

float at(const Motion& m, const std::vector<float>& plane, double row, double column) {
  if (plane.empty()) return 0;
  const double f = static_cast<double>(m.factor);
  const Split r = split((row + 0.5) / f - 0.5, m.ny), c = split((column + 0.5) / f - 0.5, m.nx);
  const auto value = [&](std::int64_t j, std::int64_t i) { return plane[static_cast<std::size_t>(j * m.nx + i)]; };
  const float a = value(r.node, c.node) + c.weight * (value(r.node, c.next) - value(r.node, c.node));
  const float b = value(r.next, c.node) + c.weight * (value(r.next, c.next) - value(r.next, c.node));
  return a + r.weight * (b - a);
}

}  // namespace

float Motion::u_at(double row, double column) const { return at(*this, u, row, column); }
float Motion::v_at(double row, double column) const { return at(*this, v, row, column); }

Motion uniform_motion(std::int64_t field_ny, std::int64_t field_nx, float u, float v) {
  Motion m;
  m.ny = m.nx = 1;
  m.field_ny = field_ny;
  m.field_nx = field_nx;
  m.factor = std::max<std::int64_t>(1, std::max(field_ny, field_nx));
  m.u = {u};
  m.v = {v};
  m.confidence = {1.0F};
  return m;
}

void expand_control_row(FieldView<const float> plane, std::int64_t factor, std::int64_t j, std::int64_t n, std::int64_t begin, std::int64_t end, float* out,
                        std::vector<float>& scratch) {
  const double f = static_cast<double>(factor);
  const Split r = split((static_cast<double>(j) + 0.5) / f - 0.5, plane.ny);
  scratch.resize(static_cast<std::size_t>(plane.nx));
  const float* a = plane.row(r.node);
  const float* b = plane.row(r.next);
  // The pair of nodes around a cell, as split() finds it.
  const auto node = [&](std::int64_t cell) {
    return std::clamp<std::int64_t>((2 * cell + 1 - factor) / (2 * factor), 0, std::max<std::int64_t>(plane.nx - 2, 0));
  };
  const std::int64_t first_node = node(begin), last_node = node(end - 1);
  for (std::int64_t c = first_node; c <= std::min(last_node + 1, plane.nx - 1); ++c) scratch[static_cast<std::size_t>(c)] = a[c] + r.weight * (b[c] - a[c]);
  if (plane.nx < 2) {
    std::fill(out + begin, out + end, scratch[0]);
    return;
  }
  const float inverse = 1.0F / static_cast<float>(factor);
  for (std::int64_t c = first_node; c <= last_node; ++c) {
    // First cell at or beyond node c: the smallest i with (i + 0.5) / factor - 0.5 >= c.
    const std::int64_t from = c == 0 ? 0 : ((2 * c + 1) * factor) / 2;
    const std::int64_t to = c + 2 == plane.nx ? n : std::min(n, ((2 * c + 3) * factor) / 2);
    const float left = scratch[static_cast<std::size_t>(c)];
    const float slope = (scratch[static_cast<std::size_t>(c + 1)] - left) * inverse;
    const float first = (static_cast<float>(from - c * factor) + 0.5F) - 0.5F * static_cast<float>(factor);
    const auto low = static_cast<std::int32_t>(std::max(begin - from, std::int64_t{0}));
    const auto high = static_cast<std::int32_t>(std::min(end, to) - from);
    for (std::int32_t i = low; i < high; ++i) out[from + i] = left + (first + static_cast<float>(i)) * slope;
  }
}

void sample_row(FieldView<const float> image, std::int64_t j, std::int64_t begin, std::int64_t end, const float* dx, const float* dy, float scale, float* out,
                SampleScratch& scratch) {
  const auto size = static_cast<std::size_t>(end);
  if (scratch.fx.size() < size) {
    scratch.column.resize(size);
    scratch.row.resize(size);
    scratch.fx.resize(size);
    scratch.fy.resize(size);
  }
  std::int32_t* column = scratch.column.data();
  std::int32_t* row = scratch.row.data();
  float* fx = scratch.fx.data();
  float* fy = scratch.fy.data();
  const auto row0 = static_cast<std::int32_t>(j);
  const auto first = static_cast<std::int32_t>(begin), last = static_cast<std::int32_t>(end);
  constexpr float kFar = 1e6F;  // beyond any grid; also where NaN displacements go
  for (std::int32_t i = first; i < last; ++i) {
    float x = -scale * dx[i], y = -scale * dy[i];
    x = x > -kFar ? x : -kFar;
    x = x < kFar ? x : kFar;
    y = y > -kFar ? y : -kFar;
    y = y < kFar ? y : kFar;
    auto xi = static_cast<std::int32_t>(x);
    auto yi = static_cast<std::int32_t>(y);
    xi -= static_cast<float>(xi) > x ? 1 : 0;
    yi -= static_cast<float>(yi) > y ? 1 : 0;
    fx[i] = x - static_cast<float>(xi);
    fy[i] = y - static_cast<float>(yi);
    column[i] = i + xi;
    row[i] = row0 + yi;
  }
  const auto columns = static_cast<std::uint32_t>(std::max<std::int64_t>(image.nx - 1, 0));
  const auto rows = static_cast<std::uint32_t>(std::max<std::int64_t>(image.ny - 1, 0));
  const std::int64_t stride = image.stride;
  const auto bilinear = [&](std::int32_t i) {
    const float* p = image.data + row[i] * stride + column[i];
    const float top = p[0] + fx[i] * (p[1] - p[0]);
    const float bottom = p[stride] + fx[i] * (p[stride + 1] - p[stride]);
    return top + fy[i] * (bottom - top);
  };
  bool inside = true;
  for (std::int32_t i = first; i < last; ++i) inside &= (static_cast<std::uint32_t>(column[i]) < columns) & (static_cast<std::uint32_t>(row[i]) < rows);
  if (inside) {
    for (std::int32_t i = first; i < last; ++i) out[i] = bilinear(i);
    return;
  }
  for (std::int32_t i = first; i < last; ++i) {
    const bool known = static_cast<std::uint32_t>(column[i]) < columns && static_cast<std::uint32_t>(row[i]) < rows;
    out[i] = known ? bilinear(i) : std::numeric_limits<float>::quiet_NaN();
  }
}

}  // namespace guyu
