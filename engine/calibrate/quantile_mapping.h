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

  // Equidistant mapping (Li, Sheffield, Wood 2010, J. Geophys. Res. 115) by the value's rank p among the forecasts of the archive: a value moves by
  // observed(p) - forecast(p); amounts are scaled by observed(p) / forecast(p). Beyond the archive's ends it moves as far as the end does. The share of dry
  // values of the archive is kept: amounts of a rank below observed_dry become 0. A dry forecast stays dry: no rain is made of nothing. NaN stays.
  float operator()(float value) const;
};

// From pairs without order in time; NaN takes no part. Fewer than 40 values on either side: nothing is learnt and the note says so. O(n log n).
QuantileMapping fit_quantile_mapping(std::span<const float> forecast, std::span<const float> observed, bool amounts, float wet = 0.1F,
                                     std::size_t quantiles = 101);

}  // namespace guyu
