#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/field.h"
#include "engine/region/zonal_weights.h"
#include "engine/regrid/weights.h"

namespace guyu {

// Township means of a coarse field *as it would be after downscaling*, without the fine field: interpolation, correction by elevation and the mean over the
// township's fine cells are all linear, so that together they are one sparse row for each township. A field costs a few multiplications a township,
// whatever the fine grid's size: ensembles never exist on it.
//
//   value = sum share_k (T_k - lapse_k z_k) + sum height_k lapse_k,   over source cells k, divided by the shares of the valid ones
//
// where lapse is the change of the quantity with height in its unit per m (0: plain interpolation), z_k the source's own orography, share_k the part of the
// township's weight that cell k has by bilinear interpolation and height_k that part times the fine elevation.
struct RegionOperator {
  struct Entry {
    std::int32_t source;  // row * nx + column
    float share;          // those of a region add up to the part of its weight that the source covers
    float gain;           // share times the fine factor (1 without one)
    float height;         // share times the fine elevation, m (0 without one)
  };
  std::int64_t source_nx = 0, source_ny = 0;
  std::vector<std::int64_t> row_begin;  // regions + 1
  std::vector<Entry> entries;           // by rising source within a region
  std::size_t regions() const { return row_begin.size() - 1; }
};

// What a township's cells count for, beside their area. All planes have the fine grid's shape; empty views: not used.
struct FineTerrain {
  FieldView<const float> elevation;   // m; cells without one count with no others' elevation: they are left out
  FieldView<const float> importance;  // e.g. people or crop area in a cell: the value where people live; a region without any counts by area
  FieldView<const float> factor;      // multiplies the interpolated value, e.g. a ratio of climatologies; missing counts as 1
  // Only the lowest part of the township's area, as a share: where the valley floor is, when nothing is known of people and crops; 1: all of it.
  double lowest_part = 1;
  // Of the source, on its own grid (0.5 and more is land): cells that draw on sea are left out where a township has others. With weights of
  // compute_land_aware_weights (engine/regrid/land_mask.h) for a fine grid of land alone, these are the cells far from any land.
  FieldView<const float> source_land = {};
};

// Source cells straight under the region, by exact area: no finer grid, no elevation. O(cells inside regions).
RegionOperator region_operator(const ZonalWeights& on_source);

// The same from the source's land alone, for what differs across a coast (`land` on the source's grid: 0.5 and more is land): cells of sea, and such of which
// it is not known, take no part; those that are left share the whole weight. A region without any land cell takes all of its cells: what is there is better
// than nothing.
RegionOperator region_operator(const ZonalWeights& on_source, FieldView<const float> land);

// Through a fine grid: `on_fine` its cells in each region, `to_fine` the weights that bring the source to it. O(fine cells in regions x 4 log).
// Bit-identical for any number of threads.
RegionOperator region_operator(const ZonalWeights& on_fine, const RegridWeights& to_fine, const FineTerrain& terrain);

// The cells that stand for each region in such rows, as zonal weights: for statistics over them that are not linear (engine/region/zonal_statistics.h). Their
// total area is such that coverage is that of the rows. With importance a cell's share is its importance by that of the region's most important cell of
// equal size.
ZonalWeights counted_cells(const ZonalWeights& on_source, FieldView<const float> land);
ZonalWeights counted_cells(const ZonalWeights& on_fine, const RegridWeights& to_fine, const FineTerrain& terrain);

// A field already brought to height 0: T - lapse * z. Missing where any is.
void reduce_to_sea_level(FieldView<const float> field, FieldView<const float> lapse, FieldView<const float> orography, FieldView<float> out);

// values and coverage: one for each region. `lapse` may be empty (no height in it). Missing cells are skipped and coverage tells the valid share; a
// region with none is NaN. Sums in double in the order of the entries. O(entries).
void apply(const RegionOperator& op, FieldView<const float> field, FieldView<const float> lapse, std::span<float> values, std::span<float> coverage);

}  // namespace guyu
