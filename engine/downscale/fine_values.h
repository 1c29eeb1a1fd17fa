#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/grid.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/downscale/terrain_rule.h"
#include "engine/region/zonal_weights.h"
#include "engine/regrid/weights.h"

namespace guyu {

// A coarse field on a fine grid as the sparse rows of townships see it (region_operator.h), for statistics that are not linear. Missing where any cell that
// counts is. All planes have the shapes of the two grids. Rows in parallel, the same for any number of threads; O(fine cells) a field.
class FineValues {
 public:
  FineValues(const Grid& source, const Grid& fine);  // throws Error when PROJ has no way between the CRSs
  // From now on the fine cells in `of_interest` that draw on the source's sea have their land-aware rows where a field differs across coasts. `land`: 0.5 and
  // more is land.
  void keep_coasts(FieldView<const float> land, const RegridWeights& land_aware, const ZonalWeights& of_interest);

  void interpolated(FieldView<const float> field, bool across_coasts, FieldView<float> out) const;
  void by_height(const HeightLine& line, FieldView<const float> orography, FieldView<const float> elevation, bool across_coasts, FieldView<float> out) const;

 private:
  std::int64_t nx_, ny_;
  BilinearSampler sampler_;
  // Rows of the cells at coasts.
  std::vector<std::int64_t> coast_cells_, row_begin_{0};
  std::vector<RegridWeights::Entry> entries_;
  float at_coast(std::size_t k, FieldView<const float> field) const;
};

// A missing factor counts as 1.
void multiply(FieldView<float> values, FieldView<const float> factor);

// Adds what a field says of the cells, where it is known; not below zero.
void add_interpolated(const BilinearSampler& sampler, FieldView<const float> more, FieldView<float> amounts);

}  // namespace guyu
