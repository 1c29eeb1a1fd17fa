#pragma once
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// How probabilities at thresholds become a distribution of values.
struct ThresholdDistribution {
  std::vector<double> thresholds;  // ascending, in the unit of the values
  bool of_below = false;           // the probabilities are of lying below the thresholds; false: above
  // Values at which the distribution begins and ends, of climatology; nullopt: it begins and ends at the outer thresholds, with what probability these have.
  std::optional<std::pair<double, double>> bounds = std::nullopt;
  bool widen_bounds = false;  // thresholds beyond the bounds take their place; false: an error
  // A percentile that the probability at the highest threshold does not reach is missing: the value may be anything above it, or there may be none, such as
  // the height of a cloud base without cloud. false: it runs on to the upper bound.
  bool missing_above_thresholds = false;
};

// Percentiles (per cent) of the distribution, per cell: the cumulative probability is linear between thresholds, and the answer is the lowest value that
// reaches the percentile. Probabilities that fall where they may not are raised to the one before. One plane of probability a threshold, one plane of result a
// percentile; missing where any probability is. Source: Flowerdew (2014), Tellus A 66, figure 1. Throws Error for thresholds that do not rise, are not as many
// as the planes, or lie outside the bounds. O(cells x (thresholds + percentiles)).
void percentiles_of_probabilities(std::span<const FieldView<const float>> probabilities, const ThresholdDistribution& distribution,
                                  std::span<const double> percentiles, std::span<const FieldView<float>> result);

}  // namespace guyu
