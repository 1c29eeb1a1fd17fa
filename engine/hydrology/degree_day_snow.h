#pragma once

namespace guyu {

// Snow of one column by degree days. Precipitation below threshold - 1 degrees C is snow, above threshold + 1 rain, between them both by share.
struct SnowParameters {
  double threshold_c = 0.5;
  double melt_above_c = 0;
  double melt_mm_per_c_day = 3;  // 1.6 to 6 by land cover and season (Martinec and Rango 1986)
};
struct SnowState {
  double water_equivalent_mm = 0;
};
// Rain and melt that reach the ground in the step, mm; precipitation = water + change of the snow. NaN in gives NaN out and leaves the state.
double snow_step(const SnowParameters& parameters, SnowState& state, double precipitation_mm, double temperature_c, double step_hours);

}  // namespace guyu
