#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "engine/region/risk_table.h"

namespace guyu {

// Rain above which shallow landslides and debris flows were seen: mean intensity I = factor * D^exponent, mm/h, over a duration of D hours, on a piece of
// durations each (ascending, without overlap).
struct LandslidePiece {
  double from_hours, to_hours, factor, exponent;
};
struct LandslideThreshold {
  std::string_view name, source;
  std::span<const LandslidePiece> pieces;
  double intensity_mm_h(double hours) const;  // NaN outside its durations
};
// caine1980: Geografiska Annaler 62A, 23-27. guzzetti2008 and guzzetti2008_two: Guzzetti, Peruccacci, Rossi, Stark (2008), Landslides 5, 3-17, the global
// minimum as one line and as two. All are lower bounds of what was seen worldwide: many rains above them move nothing.
std::span<const LandslideThreshold> landslide_thresholds();
const LandslideThreshold& landslide_threshold(std::string_view name);  // throws Error listing the names

// Antecedent rain that still counts: A_t = decay * A_(t-1) + P_t by days, oldest first. 0.84: Crozier and Eyles (1980), Glade and others (2000). Missing (NaN)
// as soon as a day among the last `memory` ones is.
double antecedent_rain_mm(std::span<const float> daily_mm, double decay = 0.84, std::size_t memory = 10);

// How wetness (0 dry, 1 full; e.g. fullness() of the Xinanjiang column) moves the threshold: linear between the two factors. The factors are settings to be
// calibrated, no published numbers; NaN wetness counts as full ground, for what is not known is not safe.
struct LandslideWetness {
  double dry_factor = 1.3, wet_factor = 0.8;
  double factor(double wetness) const;
};

// Rain that ended now against the threshold, over all durations of whole hours that it knows: the largest ratio of known rain to the threshold.
struct LandslideRatio {
  double ratio = 0;  // of the known rain
  int duration_hours = 0;
  Answer reached = Answer::unknown;  // yes by known rain alone; no only when every window is known; else unknown
};
// hourly_mm: oldest first, NaN = missing. O(hours).
LandslideRatio landslide_ratio(std::span<const float> hourly_mm, const LandslideThreshold& threshold, double factor = 1);

}  // namespace guyu
