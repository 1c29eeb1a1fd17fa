#pragma once
#include <cstdint>

#include "engine/core/field.h"

namespace guyu {

inline constexpr double kDryAdiabaticLapseRate = -0.0098;        // K m-1
inline constexpr double kStandardAtmosphereLapseRate = -0.0065;  // K m-1

// Where and how the change of temperature with height is fitted.
struct LapseRateFit {
  std::int64_t radius = 7;                                                        // of the square, in cells; at least 0
  double max_height_difference = 35;                                              // m; cells further above or below the middle one tell nothing about it
  double least = kDryAdiabaticLapseRate, greatest = -3 * kDryAdiabaticLapseRate;  // K m-1
};

// Slope of temperature (K) on height (m) by least squares over the land cells of the square around each land cell, K m-1, kept between least and greatest.
// The dry adiabatic rate over the sea (land < 0.5) and where heights or temperatures do not vary. Missing where the cell's own temperature, height or land mask
// is; missing neighbours are left out. Source: Sheridan et al. (2010), Meteorological Applications 17, 318-327. Throws Error for a negative radius or
// difference, or least > greatest. O(cells x radius^2).
void temperature_lapse_rate(FieldView<const float> temperature, FieldView<const float> height, FieldView<const float> land, const LapseRateFit& fit,
                            FieldView<float> lapse_rate);

// Change of temperature, K, over a rise of so many metres: at the lapse rate over the first `limit` m up or down, beyond at that of the standard atmosphere.
// The limit keeps cold pools and inversions from reaching out of their valley. Source: Sheridan et al. (2018), J. Appl. Meteor. Climatol. 57, 1907-1929.
double lapse_rate_adjustment(double lapse_rate, double rise, double limit = 50);

// Temperature carried from the source's heights to the target's, all on one grid. Missing where any is. O(cells).
void apply_lapse_rate(FieldView<const float> temperature, FieldView<const float> lapse_rate, FieldView<const float> source_height,
                      FieldView<const float> target_height, FieldView<float> adjusted, double limit = 50);

}  // namespace guyu
