#include "engine/nowcast/advection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kRows = 16;

constexpr std::int64_t kTile = 32;  // columns; a tile is kRows high

using Shift = DisplacementView;
struct Bounds {
  float low = std::numeric_limits<float>::infinity(), high = -std::numeric_limits<float>::infinity();
  void add(float x) {
    low = std::min(low, x);
    high = std::max(high, x);
  }
};

// The one value that all cells of a tile take under the shift, when the field is uniform wherever they come
// from.
std::optional<float> uniform_tile(const UniformBlocks& blocks, const Shift& s, std::int64_t j0, std::int64_t j1, std::int64_t i0, std::int64_t i1) {
  // Nodes around the tile; beyond the outermost ones the shift is extrapolated, so those tiles are never
  // skipped.
  const auto node = [&](std::int64_t cell) { return (2 * cell + 1 - s.factor) / (2 * s.factor); };
  const bool single = s.dx.nx == 1 && s.dx.ny == 1;
  if (!single && (2 * j0 + 1 < s.factor || 2 * i0 + 1 < s.factor)) return std::nullopt;
  const std::int64_t r0 = single ? 0 : node(j0), r1 = single ? 0 : node(j1) + 1;
  const std::int64_t c0 = single ? 0 : node(i0), c1 = single ? 0 : node(i1) + 1;
  if (r1 >= s.dx.ny || c1 >= s.dx.nx) return std::nullopt;
  Bounds x, y;
  for (std::int64_t r = r0; r <= r1; ++r) {
    for (std::int64_t c = c0; c <= c1; ++c) {
      x.add(s.dx(r, c));
      y.add(s.dy(r, c));
    }
  }
  if (!(x.high - x.low < 1e6F && y.high - y.low < 1e6F && std::fabs(x.low) < 1e6F && std::fabs(y.low) < 1e6F)) return std::nullopt;
  const auto floor = [](float v) { return static_cast<std::int64_t>(std::floor(v)); };
  // One cell of slack for the rounding of interpolated shifts, one for the right and lower bilinear
  // neighbour.
  return blocks.value_in(j0 + floor(-y.high) - 1, j1 + floor(-y.low) + 2, i0 + floor(-x.high) - 1, i1 + floor(-x.low) + 2);
}

bool same_value(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Columns [begin, end) of a band of rows: either sampled cell by cell or all of one value.
struct Run {
  std::int64_t begin, end;
  std::optional<float> value;
};

// Cuts the band of rows [j0, j1) into runs; a run has a value only when it is the same under all shifts.
std::vector<Run> runs_of(const UniformBlocks& blocks, std::span<const Shift> shifts, std::int64_t j0, std::int64_t j1, std::int64_t nx) {
  std::vector<Run> runs;
  for (std::int64_t i0 = 0; i0 < nx; i0 += kTile) {
    const std::int64_t i1 = std::min(i0 + kTile, nx);
    std::optional<float> value;
    for (std::size_t k = 0; k < shifts.size(); ++k) {
      const auto here = uniform_tile(blocks, shifts[k], j0, j1 - 1, i0, i1 - 1);
      const bool fits = here && (k == 0 || same_value(*here, *value));
      value = fits ? here : std::nullopt;
      if (!fits) break;
    }
    const bool joins = !runs.empty() && runs.back().value.has_value() == value.has_value() && (!value || same_value(*value, *runs.back().value));
    if (joins) {
      runs.back().end = i1;
    } else {
      runs.push_back({i0, i1, value});
    }
  }
  return runs;
}

struct RowBuffers {
  std::vector<float> dx, dy, scratch;
  SampleScratch samples;
  void expand(const Shift& s, std::int64_t j, std::int64_t nx, std::int64_t begin, std::int64_t end) {
    dx.resize(static_cast<std::size_t>(nx));
    dy.resize(static_cast<std::size_t>(nx));
    expand_control_row(s.dx, s.factor, j, nx, begin, end, dx.data(), scratch);
    expand_control_row(s.dy, s.factor, j, nx, begin, end, dy.data(), scratch);
  }
};

// Renormalised mean of the known cells around where cell `i` of the last sampled row comes from.
float mean_of_known(FieldView<const float> in, std::int64_t i, const SampleScratch& s) {
  const auto columns = static_cast<std::int32_t>(in.nx), rows = static_cast<std::int32_t>(in.ny);
  const auto k = static_cast<std::size_t>(i);
  const std::int32_t c = s.column[k], r = s.row[k];
  const float fx = s.fx[k], fy = s.fy[k];
  if (c < -1 || c >= columns || r < -1 || r >= rows) return kNaN;
  float sum = 0, known = 0;
  const auto add = [&](std::int32_t row, std::int32_t column, float weight) {
    if (row < 0 || row >= rows || column < 0 || column >= columns) return;
    const float x = in.row(row)[column];
    if (!std::isfinite(x)) return;
    sum += weight * x;
    known += weight;
  };
  add(r, c, (1 - fx) * (1 - fy));
  add(r, c + 1, fx * (1 - fy));
  add(r + 1, c, (1 - fx) * fy);
  add(r + 1, c + 1, fx * fy);
  return known >= 0.5F ? sum / known : kNaN;
}

// The value at the edge of the grid, bilinear, for cell `i` of the last sampled row when it comes from beyond it.
float beyond_the_grid(FieldView<const float> in, std::int64_t i, const SampleScratch& s, const BeyondGrid& beyond) {
  const auto k = static_cast<std::size_t>(i);
  const float x = static_cast<float>(s.column[k]) + s.fx[k], y = static_cast<float>(s.row[k]) + s.fy[k];
  const float at_x = std::clamp(x, 0.0F, static_cast<float>(in.nx - 1)), at_y = std::clamp(y, 0.0F, static_cast<float>(in.ny - 1));
  const float outside = std::max(std::fabs(x - at_x), std::fabs(y - at_y));
  if (!(outside > 0 && static_cast<double>(outside) <= beyond.reach)) return kNaN;
  if (!beyond.seen.holds(static_cast<std::int64_t>(at_y + 0.5F), static_cast<std::int64_t>(at_x + 0.5F))) return kNaN;
  const auto c = static_cast<std::int64_t>(at_x), r = static_cast<std::int64_t>(at_y);
  const std::int64_t right = std::min(c + 1, in.nx - 1), down = std::min(r + 1, in.ny - 1);
  const float fx = at_x - static_cast<float>(c), fy = at_y - static_cast<float>(r);
  const float top = in.row(r)[c] + fx * (in.row(r)[right] - in.row(r)[c]), bottom = in.row(down)[c] + fx * (in.row(down)[right] - in.row(down)[c]);
  return top + fy * (bottom - top);
}

// Columns [begin, end) of row j under the shift. Cells whose plain bilinear value is missing get the mean of
// what is known.
void sample_with_missing(FieldView<const float> in, const UniformBlocks& blocks, const Shift& shift, std::int64_t j, std::int64_t begin, std::int64_t end,
                         float* out, RowBuffers& b, const BeyondGrid* beyond = nullptr) {
  b.expand(shift, j, in.nx, begin, end);
  sample_row(in, j, begin, end, b.dx.data(), b.dy.data(), 1.0F, out, b.samples);
  bool finite = true;
  for (std::int64_t i = begin; i < end; ++i) finite &= out[i] - out[i] == 0.0F;
  for (std::int64_t i = begin; i < end && !finite; ++i) {
    if (std::isfinite(out[i])) continue;
    out[i] = mean_of_known(in, i, b.samples);
    if (beyond && std::isnan(out[i])) out[i] = beyond_the_grid(in, i, b.samples, *beyond);
  }
  const float low = blocks.low(), high = blocks.high();
  for (std::int64_t i = begin; i < end; ++i) {
    const float value = out[i] < low ? low : out[i];
    out[i] = value > high ? high : value;
  }
}

void check_shapes(FieldView<const float> in, const Motion& m) {
  if (in.ny != m.field_ny || in.nx != m.field_nx) throw Error("nowcast", "the motion belongs to a grid of another shape");
}
void check_output(FieldView<const float> in, FieldView<float> out) {
  if (in.ny != out.ny || in.nx != out.nx) throw Error("nowcast", "input and output differ in shape");
}

void advect_rows(FieldView<const float> in, const UniformBlocks& blocks, const Shift& shift, FieldView<float> out, const BeyondGrid* beyond = nullptr) {
  check_output(in, out);
  parallel_for(in.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    RowBuffers buffers;
    const auto runs = runs_of(blocks, {&shift, 1}, begin, end, in.nx);
    for (std::int64_t j = begin; j < end; ++j) {
      for (const Run& run : runs) {
        if (run.value) {
          std::fill(out.row(j) + run.begin, out.row(j) + run.end, *run.value);
        } else {
          sample_with_missing(in, blocks, shift, j, run.begin, run.end, out.row(j), buffers, beyond);
        }
      }
    }
  });
}

}  // namespace

void advect(FieldView<const float> in, const DisplacementView& displacement, FieldView<float> out) { advect_rows(in, UniformBlocks(in), displacement, out); }

void advect(FieldView<const float> in, const DisplacementView& displacement, const BeyondGrid& beyond, FieldView<float> out) {
  advect_rows(in, UniformBlocks(in), displacement, out, &beyond);
}

Extrapolator::Extrapolator(FieldView<const float> newest, const Motion& motion) : newest_(newest), displacement_(motion), blocks_(newest) {
  check_shapes(newest, motion);
}

void Extrapolator::step_to(Seconds lead, FieldView<float> out) {
  displacement_.advance_to(static_cast<double>(lead.count()));
  advect_rows(newest_, blocks_, displacement_.view(), out);
  if (beyond_) beyond_->fill(displacement_.view(), spread_.reach(displacement_.seconds()), out);
}

void Extrapolator::look_beyond(const MotionSpread& spread) {
  beyond_.emplace(newest_);
  spread_ = spread;
}

void Extrapolator::accumulate(Seconds from, Seconds to, FieldView<float> out, const AccumulationOptions& options) {
  if (to <= from || options.longest_substep.count() <= 0) throw Error("nowcast", "an accumulation needs a positive interval and sub-step");
  check_output(newest_, out);
  const std::int64_t steps = ((to - from).count() + options.longest_substep.count() - 1) / options.longest_substep.count();
  const double length = static_cast<double>((to - from).count());
  const std::int64_t cy = displacement_.motion().ny, cx = displacement_.motion().nx, nx = newest_.nx;
  std::vector<Shift> shifts;
  std::vector<std::vector<float>> planes;
  for (std::int64_t k = 0; k <= steps; ++k) {
    displacement_.advance_to(static_cast<double>(from.count()) + length * static_cast<double>(k) / static_cast<double>(steps));
    planes.emplace_back(displacement_.dx().data, displacement_.dx().data + cy * cx);
    const float* dx = planes.back().data();
    planes.emplace_back(displacement_.dy().data, displacement_.dy().data + cy * cx);
    shifts.push_back({{dx, cy, cx, cx}, {planes.back().data(), cy, cx, cx}, displacement_.motion().factor});
  }
  const auto hours = static_cast<float>(length / 3600);
  const float share = 1 / static_cast<float>(steps);
  // A hair of slack, so that a wholly known interval passes a demand of 1.
  const float least = std::clamp(options.least_known_time, 0.0F, 1.0F) - 1e-4F;
  const auto weight = [&](std::size_t k) { return k == 0 || k + 1 == shifts.size() ? 0.5F * share : share; };
  parallel_for(newest_.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    RowBuffers buffers;
    std::vector<float> rate(static_cast<std::size_t>(nx)), known(rate.size());
    const auto runs = runs_of(blocks_, shifts, begin, end, nx);
    for (std::int64_t j = begin; j < end; ++j) {
      for (const Run& run : runs) {
        float* sum = out.row(j) + run.begin;
        const std::int64_t n = run.end - run.begin;
        if (run.value) {
          std::fill_n(sum, n, hours * *run.value);
          continue;
        }
        std::fill_n(sum, n, 0.0F);
        std::fill_n(known.begin(), n, 0.0F);
        for (std::size_t k = 0; k < shifts.size(); ++k) {
          sample_with_missing(newest_, blocks_, shifts[k], j, run.begin, run.end, rate.data(), buffers);
          const float* r = rate.data() + run.begin;
          const float w = weight(k);
          for (std::int64_t i = 0; i < n; ++i) {
            const bool ok = r[i] == r[i];
            sum[i] += ok ? w * r[i] : 0.0F;
            known[static_cast<std::size_t>(i)] += ok ? w : 0.0F;
          }
        }
        for (std::int64_t i = 0; i < n; ++i) {
          const float share_known = known[static_cast<std::size_t>(i)];
          sum[i] = share_known > 0 && share_known >= least ? hours * (sum[i] / share_known) : kNaN;
        }
      }
    }
  });
}

}  // namespace guyu
