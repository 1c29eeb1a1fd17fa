#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/field.h"
#include "engine/nowcast/seen_area.h"

namespace guyu {

// What a simulated field on the decibel scale must have in common with the observed rain.
enum class Matching {
  none,  // nothing: each cell's rate is that of its own decibels
  mean,  // the mean rate over the valid cells, as one factor on all rates
  cdf,   // the whole distribution: the cell of rank q takes the q-quantile of what was observed
};

// Turns simulated decibels into rates. Ranks are counted in bins of 0.02 dB, so a field costs two passes and
// no sort or exponential. Source: probability matching of Ebert (2001), as STEPS applies it after each step.
class RateMapping {
 public:
  // The rates (mm/h) of the observed field; NaN takes no part, less than kLeastRain is dry. Without a valid
  // rate everything becomes dry. O(n log n).
  RateMapping(FieldView<const float> observed, Matching matching);

  // In place, decibels (no NaN) of the observed field's shape to mm/h; 0 = dry, NaN outside of `shown`. What
  // was not seen counts for nothing. O(cells).
  void apply(FieldView<float> field, const SeenArea& shown) const;

  double wet_share() const { return wet_share_; }
  const SeenArea& seen() const { return seen_; }

 private:
  // Rates of the decibels of one bin: at its lower edge, and how much more at its upper one.
  struct Segment {
    float low = 0, rise = 0;
  };
  std::vector<Segment> segments(FieldView<const float> field) const;
  std::vector<Segment> matched_ranks(const std::vector<std::uint32_t>& count) const;
  // The observed rate that stands above `drier` wet cells.
  float observed_above(std::int64_t drier) const;
  // By which rates are multiplied; what is then less than kLeastRain does not count.
  float factor_to_mean(const std::vector<std::uint32_t>& count) const;
  Matching matching_;
  SeenArea seen_;
  std::vector<float> wet_rates_;  // ascending
  double wet_share_ = 0, mean_ = 0;
};

}  // namespace guyu
