#include "engine/downscale/region_operator.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kRegions = 64;  // a chunk
constexpr double kShareOne = 1e-9;

struct FineCell {
  std::int64_t index;
  double area;
  float elevation;
};

// Cells of a region with their areas, in row order.
std::vector<FineCell> cells_of(const ZonalWeights& w, std::size_t r, FieldView<const float> elevation) {
  std::vector<FineCell> cells;
  const ZonalWeights::Region& region = w.regions[r];
  const auto add = [&](std::int64_t row, std::int64_t column, double area) {
    const float z = elevation.data ? elevation(row, column) : 0.0F;
    cells.push_back({row * w.nx + column, area, z});
  };
  for (std::size_t k = region.run_begin; k < region.run_end; ++k) {
    const ZonalWeights::Run& run = w.runs[k];
    for (std::int32_t i = run.begin; i < run.end; ++i) add(run.row, i, w.row_area[static_cast<std::size_t>(run.row)]);
  }
  for (std::size_t k = region.cell_begin; k < region.cell_end; ++k) {
    const ZonalWeights::Cell& c = w.cells[k];
    add(c.row, c.column, static_cast<double>(c.share) * w.row_area[static_cast<std::size_t>(c.row)]);
  }
  return cells;
}

// Leaves the lowest part of the cells' area; the cell at the border counts with the rest of it.
void keep_lowest(std::vector<FineCell>& cells, double part) {
  std::stable_sort(cells.begin(), cells.end(), [](const FineCell& a, const FineCell& b) { return a.elevation < b.elevation; });
  double whole = 0;
  for (const FineCell& c : cells) whole += c.area;
  double left = part * whole;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    cells[k].area = std::min(cells[k].area, left);
    left -= cells[k].area;
    if (left <= kShareOne * whole) {
      cells.resize(k + 1);
      return;
    }
  }
}

struct Part {
  std::int32_t source;
  double share, gain, height;
};

// Joins parts of one source cell; the order of the sum is that of the cells.
std::vector<RegionOperator::Entry> joined(std::vector<Part>& parts) {
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.source < b.source; });
  std::vector<RegionOperator::Entry> entries;
  for (std::size_t k = 0; k < parts.size();) {
    Part sum{parts[k].source, 0, 0, 0};
    for (; k < parts.size() && parts[k].source == sum.source; ++k) sum.share += parts[k].share, sum.gain += parts[k].gain, sum.height += parts[k].height;
    entries.push_back({sum.source, static_cast<float>(sum.share), static_cast<float>(sum.gain), static_cast<float>(sum.height)});
  }
  return entries;
}

template <typename Make>
RegionOperator assembled(std::size_t regions, std::int64_t nx, std::int64_t ny, const Make& make) {
  std::vector<std::vector<RegionOperator::Entry>> rows(regions);
  parallel_for(static_cast<std::int64_t>(regions), kRegions, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) rows[static_cast<std::size_t>(r)] = make(static_cast<std::size_t>(r));
  });
  RegionOperator op;
  op.source_nx = nx, op.source_ny = ny;
  op.row_begin.push_back(0);
  for (const auto& row : rows) {
    op.entries.insert(op.entries.end(), row.begin(), row.end());
    op.row_begin.push_back(static_cast<std::int64_t>(op.entries.size()));
  }
  return op;
}

}  // namespace

RegionOperator region_operator(const ZonalWeights& on_source) { return region_operator(on_source, {}); }

RegionOperator region_operator(const ZonalWeights& on_source, FieldView<const float> land) {
  return assembled(on_source.regions.size(), on_source.nx, on_source.ny, [&](std::size_t r) {
    const double total = on_source.regions[r].total_area;
    std::vector<FineCell> cells = cells_of(on_source, r, {});
    const auto is_land = [&](const FineCell& c) { return land(c.index / on_source.nx, c.index % on_source.nx) >= 0.5F; };
    double scale = 1;
    if (land.data) {
      double all = 0, of_land = 0;
      for (const FineCell& c : cells) all += c.area, of_land += is_land(c) ? c.area : 0;
      if (of_land > 0) {
        std::erase_if(cells, [&](const FineCell& c) { return !is_land(c); });
        scale = all / of_land;
      }
    }
    std::vector<Part> parts;
    for (const FineCell& c : cells) {
      const double share = total > 0 ? c.area * scale / total : 0;
      parts.push_back({static_cast<std::int32_t>(c.index), share, share, 0});
    }
    return joined(parts);
  });
}

RegionOperator region_operator(const ZonalWeights& on_fine, const RegridWeights& to_fine, const FineTerrain& terrain) {
  return assembled(on_fine.regions.size(), to_fine.source_nx, to_fine.source_ny, [&](std::size_t r) {
    std::vector<FineCell> cells = cells_of(on_fine, r, terrain.elevation);
    std::erase_if(cells, [](const FineCell& c) { return std::isnan(c.elevation); });
    // Land without an elevation is no reason for a lower coverage: only the part outside the fine grid is.
    double inside = 0;
    for (const FineCell& c : cells) inside += c.area;
    const ZonalWeights::Region& region = on_fine.regions[r];
    const double on_grid = region.total_area > 0 ? region.covered_area / region.total_area : 0;
    if (inside <= 0) return std::vector<RegionOperator::Entry>{};
    if (terrain.source_land.data) {
      const auto draws_on_sea = [&](const FineCell& c) {
        const auto row = to_fine.row(c.index);
        return std::any_of(row.begin(), row.end(), [&](const RegridWeights::Entry& e) {
          return !(terrain.source_land(e.source / to_fine.source_nx, e.source % to_fine.source_nx) >= 0.5F);
        });
      };
      std::vector<FineCell> of_land;
      std::remove_copy_if(cells.begin(), cells.end(), std::back_inserter(of_land), draws_on_sea);
      if (!of_land.empty()) cells = std::move(of_land);
    }
    if (terrain.importance.data) {
      double weighed = 0;
      const auto importance = [&](const FineCell& c) {
        const float v = terrain.importance(c.index / on_fine.nx, c.index % on_fine.nx);
        return v > 0 ? static_cast<double>(v) : 0.0;
      };
      // People and crops are counts a cell, so that the part of the cell inside the region counts.
      const auto weight = [&](const FineCell& c) { return importance(c) * c.area / on_fine.row_area[static_cast<std::size_t>(c.index / on_fine.nx)]; };
      for (const FineCell& c : cells) weighed += weight(c);
      if (weighed > 0)
        for (FineCell& c : cells) c.area = weight(c);
    }
    if (terrain.elevation.data && terrain.lowest_part < 1) keep_lowest(cells, terrain.lowest_part);
    double total = 0;
    for (const FineCell& c : cells) total += c.area;
    std::vector<Part> parts;
    for (const FineCell& c : cells) {
      const double area = total > 0 ? c.area / total * on_grid : 0;
      if (area == 0) continue;
      const float factor = terrain.factor.data ? terrain.factor(c.index / on_fine.nx, c.index % on_fine.nx) : 1.0F;
      const double f = std::isnan(factor) ? 1.0 : static_cast<double>(factor);
      for (const RegridWeights::Entry& e : to_fine.row(c.index)) {
        const double share = area * static_cast<double>(e.weight);
        parts.push_back({e.source, share, share * f, share * static_cast<double>(c.elevation)});
      }
    }
    return joined(parts);
  });
}

void reduce_to_sea_level(FieldView<const float> field, FieldView<const float> lapse, FieldView<const float> orography, FieldView<float> out) {
  for (std::int64_t j = 0; j < field.ny; ++j)
    for (std::int64_t i = 0; i < field.nx; ++i) out(j, i) = field(j, i) - lapse(j, i) * orography(j, i);
}

void apply(const RegionOperator& op, FieldView<const float> field, FieldView<const float> lapse, std::span<float> values, std::span<float> coverage) {
  const auto n = static_cast<std::int64_t>(op.regions());
  parallel_for(n, 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      double sum = 0, valid = 0;
      for (std::int64_t k = op.row_begin[static_cast<std::size_t>(r)]; k < op.row_begin[static_cast<std::size_t>(r) + 1]; ++k) {
        const RegionOperator::Entry& e = op.entries[static_cast<std::size_t>(k)];
        const std::int64_t j = e.source / op.source_nx, i = e.source % op.source_nx;
        const double t = static_cast<double>(field(j, i));
        const double rise = lapse.data ? static_cast<double>(e.height) * static_cast<double>(lapse(j, i)) : 0.0;
        const double term = static_cast<double>(e.gain) * t + rise;
        if (std::isnan(term)) continue;
        sum += term;
        valid += static_cast<double>(e.share);
      }
      constexpr double kNothing = 1e-6;
      values[static_cast<std::size_t>(r)] = valid > kNothing ? static_cast<float>(sum / valid) : std::numeric_limits<float>::quiet_NaN();
      coverage[static_cast<std::size_t>(r)] = static_cast<float>(std::min(valid, 1.0));
    }
  });
}

}  // namespace guyu
