#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/field.h"
#include "engine/nowcast/seen_area.h"

namespace guyu {

// What a simulated field on the decibel scale must have in common with the observed rain.
enum class Matching {
  none,  // nothing: each cell's rate is that of its own decibels
  mean,  // the mean rate over the valid cells
  cdf,   // the whole distribution: the cell of rank q takes the q-quantile of what was observed
};

// Turns simulated decibels into rates. Ranks are counted in bins of 0.02 dB, so a field costs two passes and
// no sort or exponential. Source: probability matching of Ebert (2001), as STEPS applies it after each step.
class RateMapping {
 public:
  // The rates (mm/h) of the observed field; NaN takes no part, less than kLeastRain is dry. Without a valid
  // rate everything becomes dry. O(n log n).
  RateMapping(FieldView<const float> observed, Matching matching);

  // In place, decibels (no NaN) to mm/h; 0 = dry, NaN outside of `shown`. What was not seen counts for
  // nothing. O(cells).
  void apply(FieldView<float> field, const SeenArea& shown) const;

  double wet_share() const { return wet_share_; }
  const SeenArea& seen() const { return seen_; }

 private:
  std::vector<float> edges_of(const std::vector<std::uint32_t>& count) const;
  float observed_quantile(double q) const;
  Matching matching_;
  SeenArea seen_;
  std::vector<float> wet_rates_;  // ascending
  double wet_share_ = 0, mean_ = 0;
};

}  // namespace guyu
