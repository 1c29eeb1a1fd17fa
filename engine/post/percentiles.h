#pragma once
#include <span>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// Percentiles in per cent, 0 to 100, of n sorted values: linear between the values, of which the k-th is the 100 k / (n - 1) percentile (the definition of
// Hyndman and Fan 1996, type 7). Throws Error for one outside 0 to 100.
void check_percentiles(std::span<const double> percentiles);
double percentile_of_sorted(std::span<const float> sorted, double percentile);

// Across planes (members), one output plane a percentile, over the members that are not missing; missing where fewer than `least_valid` are (0: all of
// them must be). O(cells x planes x log planes).
void percentiles_of_planes(std::span<const FieldView<const float>> planes, std::span<const double> percentiles, std::span<const FieldView<float>> result,
                           std::size_t least_valid = 0);

// Members sorted in every cell, which makes them percentiles of the ensemble's distribution: the k-th of n (from 1) is the 100 k / (n + 1) percentile where the
// rank histogram shall be flat, the 100 (k - 1/2) / n percentile where the CRPS shall be least (Broecker 2012). Missing where any member is.
void sort_planes(std::span<const FieldView<const float>> planes, std::span<const FieldView<float>> sorted);
std::vector<double> flat_rank_percentiles(std::size_t members);
std::vector<double> least_crps_percentiles(std::size_t members);

// Of the cells within `radius` cells around every cell. Beyond its edge the grid is continued, first down and up then sideways, by the mean of the `radius`
// outermost cells of the column or row. Missing where any cell of the neighbourhood is. O(cells x (radius + percentiles)) times the logarithm of the number of
// cells, whatever the values: a tree of counts over the sorted field moves along each row. Throws Error for a radius below 1 or larger than the grid.
void neighbourhood_percentiles(FieldView<const float> field, std::int64_t radius, std::span<const double> percentiles,
                               std::span<const FieldView<float>> result);

}  // namespace guyu
