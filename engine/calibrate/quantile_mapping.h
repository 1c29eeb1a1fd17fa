#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace guyu {

// The distributions of forecasts and observations over an archive, as quantiles at equal steps of probability.
struct QuantileMapping {
  bool amounts = false;                   // rain: never negative, beyond the archive by ratio instead of difference
  float wet = 0;                          // from here on a value counts as wet; amounts only
  std::vector<float> forecast, observed;  // quantiles at k / (size - 1), non-decreasing; empty: nothing was learnt
  double observed_dry = 0;                // share of observations below `wet`
  std::size_t cases = 0;
  std::string note;

  // Equidistant mapping (Li, Sheffield, Wood 2010, J. Geophys. Res. 115): a value keeps its rank p among those it was forecast with, and moves by
  // observed(p) - forecast(p); amounts in ratio, observed(p) / forecast(p), where the forecast's quantile is wet. `rank` in [0, 1]. The share of dry values of
  // the archive is kept: amounts of a rank below observed_dry become 0, and a dry one above it becomes the observed quantile.
  float operator()(float value, double rank) const;
  // By the value's rank in the archive of forecasts: the plain mapping, for a single value.
  float operator()(float value) const;
};

// From pairs without order in time; NaN takes no part. Fewer than 40 values on either side: nothing is learnt and the note says so. O(n log n).
QuantileMapping fit_quantile_mapping(std::span<const float> forecast, std::span<const float> observed, bool amounts, float wet = 0.1F,
                                     std::size_t quantiles = 101);

// All values of one forecast time mapped by their ranks among themselves and in the archive: rank = (archive + own) / 2 for few values, own where there
// are 100 or more. NaN stays. In place. O(n log n).
void map_values(const QuantileMapping& mapping, std::span<float> values);

}  // namespace guyu
