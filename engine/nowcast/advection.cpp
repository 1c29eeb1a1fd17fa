#include "engine/nowcast/advection.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kRows = 16;

struct Range {
  float low = std::numeric_limits<float>::infinity(), high = -std::numeric_limits<float>::infinity();
};

Range range_of(FieldView<const float> in) {
  std::vector<Range> rows(static_cast<std::size_t>(in.ny));
  parallel_for(in.ny, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float* p = in.row(j);
      constexpr int kLanes = 8;  // independent minima, so that the loop vectorises without reordering rules
      float low[kLanes], high[kLanes];
      std::fill_n(low, kLanes, std::numeric_limits<float>::infinity());
      std::fill_n(high, kLanes, -std::numeric_limits<float>::infinity());
      std::int64_t i = 0;
      for (; i + kLanes <= in.nx; i += kLanes) {
        for (int k = 0; k < kLanes; ++k) {
          low[k] = p[i + k] < low[k] ? p[i + k] : low[k];
          high[k] = p[i + k] > high[k] ? p[i + k] : high[k];
        }
      }
      for (; i < in.nx; ++i) {
        low[0] = p[i] < low[0] ? p[i] : low[0];
        high[0] = p[i] > high[0] ? p[i] : high[0];
      }
      rows[static_cast<std::size_t>(j)] = {*std::min_element(low, low + kLanes), *std::max_element(high, high + kLanes)};
    }
  });
  Range all;
  for (const Range& r : rows) all = {std::min(all.low, r.low), std::max(all.high, r.high)};
  return all;
}

struct RowBuffers {
  std::vector<float> dx, dy, scratch;
  SampleScratch samples;
};

// Cells whose plain bilinear value is missing get the renormalised mean of their known neighbours.
void sample_with_missing(FieldView<const float> in, std::int64_t j, FieldView<const float> dx, FieldView<const float> dy,
                         std::int64_t factor, Range range, float* out, RowBuffers& b) {
  const std::int64_t nx = in.nx;
  b.dx.resize(static_cast<std::size_t>(nx));
  b.dy.resize(static_cast<std::size_t>(nx));
  expand_control_row(dx, factor, j, nx, b.dx.data(), b.scratch);
  expand_control_row(dy, factor, j, nx, b.dy.data(), b.scratch);
  sample_row(in, j, nx, b.dx.data(), b.dy.data(), 1.0F, out, b.samples);
  const auto columns = static_cast<std::int32_t>(in.nx), rows = static_cast<std::int32_t>(in.ny);
  for (std::int64_t i = 0; i < nx; ++i) {
    float value = out[i];
    if (!(std::fabs(value) < std::numeric_limits<float>::infinity())) {
      const auto k = static_cast<std::size_t>(i);
      const std::int32_t c = b.samples.column[k], r = b.samples.row[k];
      const float fx = b.samples.fx[k], fy = b.samples.fy[k];
      float sum = 0, known = 0;
      if (c >= -1 && c < columns && r >= -1 && r < rows) {
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
      }
      value = known >= 0.5F ? sum / known : kNaN;
    }
    value = value < range.low ? range.low : value;
    out[i] = value > range.high ? range.high : value;
  }
}

void check_shapes(FieldView<const float> in, const Motion& m) {
  if (in.ny != m.field_ny || in.nx != m.field_nx) throw Error("nowcast", "the motion belongs to a grid of another shape");
}

void advect_rows(FieldView<const float> in, const Displacement& d, Range range, FieldView<float> out) {
  if (in.ny != out.ny || in.nx != out.nx) throw Error("nowcast", "input and output differ in shape");
  parallel_for(in.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    RowBuffers buffers;
    for (std::int64_t j = begin; j < end; ++j) {
      sample_with_missing(in, j, d.dx(), d.dy(), d.factor(), range, out.row(j), buffers);
    }
  });
}

}  // namespace

void advect(FieldView<const float> in, const Displacement& displacement, FieldView<float> out) {
  check_shapes(in, displacement.motion());
  advect_rows(in, displacement, range_of(in), out);
}

Extrapolator::Extrapolator(FieldView<const float> newest, const Motion& motion) : newest_(newest), displacement_(motion) {
  check_shapes(newest, motion);
  const Range r = range_of(newest);
  low_ = r.low;
  high_ = r.high;
}

void Extrapolator::step_to(Seconds lead, FieldView<float> out) {
  displacement_.advance_to(static_cast<double>(lead.count()));
  advect_rows(newest_, displacement_, {low_, high_}, out);
}

void Extrapolator::accumulate(Seconds from, Seconds to, FieldView<float> out, const AccumulationOptions& options) {
  if (to <= from || options.longest_substep.count() <= 0) throw Error("nowcast", "an accumulation needs a positive interval and sub-step");
  if (newest_.ny != out.ny || newest_.nx != out.nx) throw Error("nowcast", "input and output differ in shape");
  const std::int64_t steps = ((to - from).count() + options.longest_substep.count() - 1) / options.longest_substep.count();
  const double length = static_cast<double>((to - from).count());
  const auto nodes = static_cast<std::size_t>(displacement_.motion().ny * displacement_.motion().nx);
  std::vector<std::vector<float>> dx, dy;
  for (std::int64_t k = 0; k <= steps; ++k) {
    displacement_.advance_to(static_cast<double>(from.count()) + length * static_cast<double>(k) / static_cast<double>(steps));
    dx.emplace_back(displacement_.dx().data, displacement_.dx().data + nodes);
    dy.emplace_back(displacement_.dy().data, displacement_.dy().data + nodes);
  }
  const std::int64_t cy = displacement_.motion().ny, cx = displacement_.motion().nx, nx = newest_.nx;
  const auto hours = static_cast<float>(length / 3600);
  const float share = 1 / static_cast<float>(steps);
  // A hair of slack, so that a wholly known interval passes a demand of 1.
  const float least = std::clamp(options.least_known_time, 0.0F, 1.0F) - 1e-4F;
  parallel_for(newest_.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    RowBuffers buffers;
    std::vector<float> rate(static_cast<std::size_t>(nx)), known(rate.size());
    for (std::int64_t j = begin; j < end; ++j) {
      float* sum = out.row(j);
      std::fill_n(sum, nx, 0.0F);
      std::fill(known.begin(), known.end(), 0.0F);
      for (std::int64_t k = 0; k <= steps; ++k) {
        const auto s = static_cast<std::size_t>(k);
        sample_with_missing(newest_, j, {dx[s].data(), cy, cx, cx}, {dy[s].data(), cy, cx, cx}, displacement_.factor(),
                            {low_, high_}, rate.data(), buffers);
        const float weight = k == 0 || k == steps ? 0.5F * share : share;
        for (std::int64_t i = 0; i < nx; ++i) {
          const float r = rate[static_cast<std::size_t>(i)];
          sum[i] += r == r ? weight * r : 0.0F;
          known[static_cast<std::size_t>(i)] += r == r ? weight : 0.0F;
        }
      }
      for (std::int64_t i = 0; i < nx; ++i) {
        const float k = known[static_cast<std::size_t>(i)];
        sum[i] = k > 0 && k >= least ? hours * (sum[i] / k) : kNaN;
      }
    }
  });
}

}  // namespace guyu
