#pragma once
#include <cstddef>
#include <span>

#include "engine/gauge/rain_pairs.h"

namespace guyu {

struct MeanFieldBiasSettings {
  double wet_mm = 0.1;       // a pair tells of the bias only when gauge and radar both saw at least this
  bool shrink = true;        // towards 1, the less the gauges tell
  double prior_spread = 1;   // standard deviation of ln(bias) of radars as they come: a factor of e either way
  double pair_spread = 0.5;  // that of ln(gauge / radar) within one field, before any is seen; it counts as two pairs
  double most = 20;          // the bias is kept within [1 / most, most]
};

struct MeanFieldBias {
  double factor = 1;      // that the radar is multiplied by
  std::size_t pairs = 0;  // wet ones; 0: nothing is known, the factor is 1
};

// The ratio of sums of the wet pairs. With few pairs, or pairs that do not agree, it is shrunk in the logarithm: the mean of n ratios of variance s^2 has
// variance s^2/n, the radar's own bias prior_spread^2, and the factor keeps the share prior^2 / (prior^2 + s^2/n) of the logarithm (the update step of the
// Kalman filter in Smith and Krajewski, J. Appl. Meteor. 30, 1991). O(n).
MeanFieldBias mean_field_bias(std::span<const RainPair> pairs, const MeanFieldBiasSettings& settings = {});

}  // namespace guyu
