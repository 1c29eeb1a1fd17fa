#include "engine/downscale/bilinear_sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/plane.h"
#include "engine/downscale/region_operator.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kTolerance = 1e-4;  // of a source cell

LineMapper cell_mapper(const Grid& source, const Grid& target) {
  const Grid grid = source;
  const double period = source.is_latlon() ? 360 / source.dx() : 0;
  return LineMapper(
      source, target,
      [grid](double x, double y) {
        return PlanePoint{grid.column_of(x), grid.row_of(y)};
      },
      {kTolerance, kTolerance}, period);
}

}  // namespace

BilinearSampler::Position BilinearSampler::along(double at, std::int64_t n, bool wraps) {
  const double base = std::floor(at);
  auto first = static_cast<std::int64_t>(base), second = first + 1;
  const double part = at - base;
  if (wraps) {
    first = (first % n + n) % n, second = (second % n + n) % n;
  } else {
    first = std::clamp<std::int64_t>(first, 0, n - 1), second = std::clamp<std::int64_t>(second, 0, n - 1);
  }
  if (part == 0) second = first;  // a missing neighbour without weight does not count
  return {static_cast<std::int32_t>(first), static_cast<std::int32_t>(second), static_cast<float>(part)};
}

BilinearSampler::BilinearSampler(const Grid& source, const Grid& target)
    : nx_(target.nx()), ny_(target.ny()), index_(source), mapper_(cell_mapper(source, target)) {
  parallel_ = mapper_.is_identity();
  if (!parallel_) return;
  const double middle_x = source.x(0.5 * static_cast<double>(source.nx() - 1)), middle_y = source.y(0.5 * static_cast<double>(source.ny() - 1));
  for (std::int64_t j = 0; j < ny_; ++j) {
    const auto at = index_.find(middle_x, target.y(static_cast<double>(j)));
    row_positions_.push_back(at ? along(at->row, source.ny(), false) : Position{});
  }
  first_column_ = nx_, last_column_ = 0;
  for (std::int64_t i = 0; i < nx_; ++i) {
    const auto at = index_.find(target.x(static_cast<double>(i)), middle_y);
    column_positions_.push_back(at ? along(at->column, source.nx(), index_.wraps()) : Position{});
  }
  while (last_column_ < nx_ && column_positions_[static_cast<std::size_t>(last_column_)].first < 0) ++last_column_;
  first_column_ = last_column_;
  while (last_column_ < nx_ && column_positions_[static_cast<std::size_t>(last_column_)].first >= 0) ++last_column_;
}

void BilinearSampler::row(std::int64_t j, FieldView<const float> plane, float* out, Scratch& s) const {
  if (!parallel_) return general_row(j, plane, out, s);
  const Position r = row_positions_[static_cast<std::size_t>(j)];
  if (r.first < 0) {
    std::fill(out, out + nx_, kNaN);
    return;
  }
  s.line.resize(static_cast<std::size_t>(plane.nx));
  const float* a = plane.row(r.first);
  const float* b = plane.row(r.second);
  float* line = s.line.data();
  if (r.first == r.second) std::copy(a, a + plane.nx, line);
  else
    for (std::int64_t i = 0; i < plane.nx; ++i) line[i] = a[i] + r.part * (b[i] - a[i]);
  const Position* columns = column_positions_.data();
  std::fill(out, out + first_column_, kNaN);
  for (std::int64_t i = first_column_; i < last_column_; ++i) {
    const Position c = columns[i];
    out[i] = line[c.first] + c.part * (line[c.second] - line[c.first]);
  }
  // A grid round the globe may come into view twice: what is left is rare and goes one by one.
  for (std::int64_t i = last_column_; i < nx_; ++i) {
    const Position c = columns[i];
    out[i] = c.first < 0 ? kNaN : line[c.first] + c.part * (line[c.second] - line[c.first]);
  }
}

void BilinearSampler::general_row(std::int64_t j, FieldView<const float> plane, float* out, Scratch& s) const {
  s.places.resize(static_cast<std::size_t>(nx_));
  mapper_.map(static_cast<double>(j), 0, 1, s.places);
  const double right = static_cast<double>(plane.nx) - 0.5, bottom = static_cast<double>(plane.ny) - 0.5;
  for (std::int64_t i = 0; i < nx_; ++i) {
    const PlanePoint p = s.places[static_cast<std::size_t>(i)];
    double u = p.u;
    const double v = p.s;
    if (index_.wraps()) u -= static_cast<double>(plane.nx) * std::floor((u + 0.5) / static_cast<double>(plane.nx));
    if (!(u >= -0.5 && u <= right && v >= -0.5 && v <= bottom)) {
      out[i] = kNaN;
      continue;
    }
    const Position c = along(u, plane.nx, index_.wraps()), r = along(v, plane.ny, false);
    const float* a = plane.row(r.first);
    const float* b = plane.row(r.second);
    const float top = a[c.first] + c.part * (a[c.second] - a[c.first]), low = b[c.first] + c.part * (b[c.second] - b[c.first]);
    out[i] = r.first == r.second ? top : top + r.part * (low - top);
  }
}

void downscale_by_elevation(const BilinearSampler& sampler, FieldView<const float> field, FieldView<const float> lapse, FieldView<const float> orography,
                            FieldView<const float> target_elevation, FieldView<float> out) {
  Plane reduced(field.ny, field.nx);
  reduce_to_sea_level(field, lapse, orography, reduced.view());
  const Plane& sea_level = reduced;
  parallel_for(sampler.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    std::vector<float> slope(static_cast<std::size_t>(sampler.columns()));
    for (std::int64_t j = begin; j < end; ++j) {
      float* o = out.row(j);
      sampler.row(j, sea_level.view(), o, scratch);
      sampler.row(j, lapse, slope.data(), scratch);
      const float* z = target_elevation.row(j);
      for (std::int64_t i = 0; i < sampler.columns(); ++i) o[i] += slope[static_cast<std::size_t>(i)] * z[i];
    }
  });
}

}  // namespace guyu
