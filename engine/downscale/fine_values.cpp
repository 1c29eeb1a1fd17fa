#include "engine/downscale/fine_values.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/plane.h"
#include "engine/downscale/region_operator.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kFineRows = 32;  // a chunk
constexpr std::int64_t kCoastCells = 4096;

// 1 where a cell and all around it are land, else 0: between cells of 1 land-aware weights are the plain ones, also on the line between two of them.
Plane far_from_sea(FieldView<const float> land) {
  Plane out(land.ny, land.nx);
  for (std::int64_t j = 0; j < land.ny; ++j)
    for (std::int64_t i = 0; i < land.nx; ++i) {
      bool all = i > 0 && i + 1 < land.nx;  // what lies beyond the edge of a grid round the globe is not looked up
      for (std::int64_t b = std::max<std::int64_t>(j - 1, 0); b <= std::min(j + 1, land.ny - 1); ++b)
        for (std::int64_t a = std::max<std::int64_t>(i - 1, 0); a <= std::min(i + 1, land.nx - 1); ++a) all = all && land(b, a) >= 0.5F;
      out.view()(j, i) = all ? 1.0F : 0.0F;
    }
  return out;
}

std::vector<char> cells_in(const ZonalWeights& w) {
  std::vector<char> in(static_cast<std::size_t>(w.nx * w.ny), 0);
  for (const ZonalWeights::Run& r : w.runs) std::fill_n(in.begin() + r.row * w.nx + r.begin, r.end - r.begin, 1);
  for (const ZonalWeights::Cell& c : w.cells) in[static_cast<std::size_t>(c.row * w.nx + c.column)] = 1;
  return in;
}

}  // namespace

FineValues::FineValues(const Grid& source, const Grid& fine) : nx_(fine.nx()), ny_(fine.ny()), sampler_(source, fine) {}

void FineValues::keep_coasts(FieldView<const float> land, const RegridWeights& land_aware, const ZonalWeights& of_interest) {
  coast_cells_.clear(), entries_.clear(), row_begin_.assign(1, 0);
  const std::vector<char> wanted = cells_in(of_interest);
  const Plane inland = far_from_sea(land);
  BilinearSampler::Scratch scratch;
  std::vector<float> row(static_cast<std::size_t>(nx_));
  for (std::int64_t j = 0; j < ny_; ++j) {
    sampler_.row(j, inland.view(), row.data(), scratch);
    for (std::int64_t i = 0; i < nx_; ++i) {
      if (row[static_cast<std::size_t>(i)] == 1 || !wanted[static_cast<std::size_t>(j * nx_ + i)]) continue;
      const auto weights = land_aware.row(j * nx_ + i);
      if (weights.empty()) continue;
      coast_cells_.push_back(j * nx_ + i);
      entries_.insert(entries_.end(), weights.begin(), weights.end());
      row_begin_.push_back(static_cast<std::int64_t>(entries_.size()));
    }
  }
}

float FineValues::at_coast(std::size_t k, FieldView<const float> field) const {
  double sum = 0;
  for (std::int64_t e = row_begin_[k]; e < row_begin_[k + 1]; ++e) {
    const RegridWeights::Entry& entry = entries_[static_cast<std::size_t>(e)];
    sum += static_cast<double>(entry.weight) * static_cast<double>(field(entry.source / field.nx, entry.source % field.nx));
  }
  return static_cast<float>(sum);
}

void FineValues::interpolated(FieldView<const float> field, bool across_coasts, FieldView<float> out) const {
  parallel_for(ny_, kFineRows, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    for (std::int64_t j = begin; j < end; ++j) sampler_.row(j, field, out.row(j), scratch);
  });
  if (!across_coasts) return;
  parallel_for(static_cast<std::int64_t>(coast_cells_.size()), kCoastCells, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k)
      out(coast_cells_[k] / nx_, coast_cells_[k] % nx_) = at_coast(k, field);
  });
}

void FineValues::by_height(const HeightLine& line, FieldView<const float> orography, FieldView<const float> elevation, bool across_coasts,
                           FieldView<float> out) const {
  downscale_by_elevation(sampler_, line.values.view(), line.slope.view(), orography, elevation, out);
  if (across_coasts && !coast_cells_.empty()) {
    Plane level(line.values.ny, line.values.nx);
    reduce_to_sea_level(line.values.view(), line.slope.view(), orography, level.view());
    const FieldView<const float> at_sea_level = std::as_const(level).view(), slope = line.slope.view();
    parallel_for(static_cast<std::int64_t>(coast_cells_.size()), kCoastCells, [&](std::int64_t begin, std::int64_t end) {
      for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
        const std::int64_t j = coast_cells_[k] / nx_, i = coast_cells_[k] % nx_;
        out(j, i) = at_coast(k, at_sea_level) + at_coast(k, slope) * elevation(j, i);
      }
    });
  }
  if (!line.logarithm) return;
  parallel_for(ny_, kFineRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j)
      for (std::int64_t i = 0; i < nx_; ++i) out(j, i) = std::exp(out(j, i));
  });
}

void multiply(FieldView<float> values, FieldView<const float> factor) {
  parallel_for(values.ny, kFineRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      float* const to = values.row(j);
      const float* const by = factor.row(j);
      for (std::int64_t i = 0; i < values.nx; ++i) to[i] *= by[i] == by[i] ? by[i] : 1.0F;
    }
  });
}

void add_interpolated(const BilinearSampler& sampler, FieldView<const float> more, FieldView<float> amounts) {
  parallel_for(amounts.ny, kFineRows, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    std::vector<float> row(static_cast<std::size_t>(amounts.nx));
    for (std::int64_t j = begin; j < end; ++j) {
      sampler.row(j, more, row.data(), scratch);
      float* const to = amounts.row(j);
      for (std::size_t i = 0; i < row.size(); ++i)
        if (!std::isnan(row[i])) to[i] = to[i] + row[i] < 0 ? 0 : to[i] + row[i];  // NaN stays
    }
  });
}

}  // namespace guyu
