#pragma once
#include "engine/core/field.h"

namespace guyu {

// The air at the top of the boundary layer over the ground, all on one grid of square cells.
struct OrographicInput {
  FieldView<const float> temperature;        // K
  FieldView<const float> relative_humidity;  // 1
  FieldView<const float> pressure;           // Pa
  FieldView<const float> u, v;               // m s-1, towards rising columns and towards falling rows (north)
  FieldView<const float> height;             // m, of the ground
  double cell_size_m = 1000;
};

struct OrographicOptions {
  double least_height_m = 20;       // mean of 3 x 3 cells below which the ground does not count
  double least_humidity = 0.8;      // below which nothing falls
  double least_uplift = 0.0005;     // m s-1
  double upstream_range_m = 15000;  // from how far rain formed upstream drifts in
  double cloud_lifetime_s = 102;    // with the wind speed the standard deviation of the drift's weights
  double efficiency = 0.23265;      // share of what condenses that falls
};

// Rain rate, mm h-1, that lifting of saturated air over the ground's slopes adds: humidity x saturation vapour pressure x (wind . grad height) / (Rv T) where
// it is positive, averaged along the wind upstream with Gaussian weights of distance. Slopes are central differences of heights smoothed over three cells
// across them. Missing where the cell's own input is, or where less than half of the upstream weight is known. Sources: Alpert and Shafir (1989), J. Appl.
// Meteor. 28; Roe (2005), Annu. Rev. Earth Planet. Sci. 33; the numbers are those of STEPS. Throws Error for a cell size that is not positive and for a
// grid smaller than 3 x 3. O(cells x upstream range). The same for any number of threads.
void orographic_enhancement(const OrographicInput& input, const OrographicOptions& options, FieldView<float> rate);

}  // namespace guyu
