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

// The share of a region that the grid holds.
double share_on_grid(const ZonalWeights::Region& region) { return region.total_area > 0 ? region.covered_area / region.total_area : 0; }

// Those of land where there are any, else all.
std::vector<FineCell> cells_on_land(const ZonalWeights& on_source, FieldView<const float> land, std::size_t r) {
  std::vector<FineCell> cells = cells_of(on_source, r, {});
  const auto is_land = [&](const FineCell& c) { return land(c.index / on_source.nx, c.index % on_source.nx) >= 0.5F; };
  if (land.data && std::any_of(cells.begin(), cells.end(), is_land)) std::erase_if(cells, [&](const FineCell& c) { return !is_land(c); });
  return cells;
}

// Fine cells that stand for a region, with their weights in place of areas.
std::vector<FineCell> cells_that_count(const ZonalWeights& on_fine, const RegridWeights& to_fine, const FineTerrain& terrain, std::size_t r) {
  std::vector<FineCell> cells = cells_of(on_fine, r, terrain.elevation);
  // Land without an elevation is no reason for a lower coverage: only the part outside the fine grid is.
  std::erase_if(cells, [](const FineCell& c) { return std::isnan(c.elevation); });
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
  std::erase_if(cells, [](const FineCell& c) { return !(c.area > 0); });
  return cells;
}

struct CountedRegion {
  std::vector<ZonalWeights::Run> runs;
  std::vector<ZonalWeights::Cell> cells;
  double area = 0;  // as the runs and cells have it
};

CountedRegion counted_region(const ZonalWeights& of, std::vector<FineCell> cells, bool by_importance) {
  std::sort(cells.begin(), cells.end(), [](const FineCell& a, const FineCell& b) { return a.index < b.index; });
  const auto row_area = [&](const FineCell& c) { return of.row_area[static_cast<std::size_t>(c.index / of.nx)]; };
  double most = by_importance ? 0 : 1;
  if (by_importance)
    for (const FineCell& c : cells) most = std::max(most, c.area / row_area(c));
  CountedRegion out;
  for (const FineCell& c : cells) {
    const auto row = static_cast<std::int32_t>(c.index / of.nx), column = static_cast<std::int32_t>(c.index % of.nx);
    const auto share = static_cast<float>(c.area / row_area(c) / most);
    out.area += static_cast<double>(share) * row_area(c);
    if (share != 1) out.cells.push_back({row, column, share});
    else if (!out.runs.empty() && out.runs.back().row == row && out.runs.back().end == column) ++out.runs.back().end;
    else out.runs.push_back({row, column, column + 1});
  }
  return out;
}

template <typename CellsOf>
ZonalWeights counted(const ZonalWeights& of, bool by_importance, const CellsOf& cells_of_region) {
  std::vector<CountedRegion> parts(of.regions.size());
  parallel_for(static_cast<std::int64_t>(parts.size()), kRegions, [&](std::int64_t begin, std::int64_t end) {
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) parts[r] = counted_region(of, cells_of_region(r), by_importance);
  });
  ZonalWeights out;
  out.nx = of.nx, out.ny = of.ny;
  out.row_area = of.row_area;
  for (std::size_t r = 0; r < parts.size(); ++r) {
    CountedRegion& part = parts[r];
    const double on_grid = share_on_grid(of.regions[r]);
    ZonalWeights::Region region{out.runs.size(), 0, out.cells.size(), 0, on_grid > 0 ? part.area / on_grid : of.regions[r].total_area, part.area};
    out.runs.insert(out.runs.end(), part.runs.begin(), part.runs.end());
    out.cells.insert(out.cells.end(), part.cells.begin(), part.cells.end());
    region.run_end = out.runs.size(), region.cell_end = out.cells.size();
    out.regions.push_back(region);
    part = {};
  }
  return out;
}

}  // namespace

RegionOperator region_operator(const ZonalWeights& on_source) { return region_operator(on_source, {}); }

RegionOperator region_operator(const ZonalWeights& on_source, FieldView<const float> land) {
  return assembled(on_source.regions.size(), on_source.nx, on_source.ny, [&](std::size_t r) {
    double all = 0, counted_area = 0;
    for (const FineCell& c : cells_of(on_source, r, {})) all += c.area;
    const std::vector<FineCell> cells = cells_on_land(on_source, land, r);
    for (const FineCell& c : cells) counted_area += c.area;
    const double total = on_source.regions[r].total_area, scale = counted_area > 0 ? all / counted_area : 1;
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
    const std::vector<FineCell> cells = cells_that_count(on_fine, to_fine, terrain, r);
    const double on_grid = share_on_grid(on_fine.regions[r]);
    double total = 0;
    for (const FineCell& c : cells) total += c.area;
    std::vector<Part> parts;
    for (const FineCell& c : cells) {
      const double area = c.area / total * on_grid;
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

ZonalWeights counted_cells(const ZonalWeights& on_source, FieldView<const float> land) {
  return counted(on_source, false, [&](std::size_t r) { return cells_on_land(on_source, land, r); });
}

ZonalWeights counted_cells(const ZonalWeights& on_fine, const RegridWeights& to_fine, const FineTerrain& terrain) {
  return counted(on_fine, terrain.importance.data != nullptr, [&](std::size_t r) { return cells_that_count(on_fine, to_fine, terrain, r); });
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
