#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/region/zonal_weights.h"

namespace guyu {

// What to know of a region's cells. Area-weighted by the exact overlap; missing cells are skipped and coverage says how
// much was seen. With no valid cell every statistic but coverage is NaN, which is not zero.
struct ZonalStatistic {
  enum class Kind { mean, max, min, quantile, fraction_above, coverage };
  Kind kind = Kind::mean;
  double parameter = 0;  // quantile: 0..1; fraction_above: the threshold (>=)
  std::string name;      // as written, e.g. "p90"
};
// "mean,max,p90,frac>=10,coverage". Throws Error naming the unknown word and listing the known ones.
std::vector<ZonalStatistic> parse_zonal_statistics(const std::string& text);
// Of a variable, in letters, digits and underscores: "wind" and "frac>=10" make "wind_frac_at_least_10".
std::string name_with_statistic(const std::string& variable, const std::string& statistic);

// columns[k][region] for statistics[k]. min, max and quantiles count cells that the region covers at least to a
// thousandth, so that a border that only grazes a cell does not take its extreme; a region smaller than that takes all.
// Coverage is valid area / total area, also of the part outside the grid.
// A quantile is the smallest value at or below which its share of the valid area lies. Bit-identical for any number of threads: each region is summed by
// one thread in row order. O(cells inside regions), also for quantiles.
struct ZonalTable {
  std::vector<ZonalStatistic> statistics;
  std::vector<std::vector<float>> columns;
};
ZonalTable zonal_statistics(FieldView<const float> field, const ZonalWeights& weights, std::span<const ZonalStatistic> statistics);

}  // namespace guyu
