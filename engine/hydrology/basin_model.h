#pragma once
#include <span>
#include <vector>

#include "engine/hydrology/degree_day_snow.h"
#include "engine/hydrology/xinanjiang.h"

namespace guyu {

// A basin as one column: snow, Xinanjiang, Nash's unit hydrograph on all runoff.
struct BasinModel {
  SnowParameters snow;
  XinanjiangParameters soil;
  double reservoirs = 2, k_hours = 24;
};
struct BasinState {
  SnowState snow;
  XinanjiangState soil;
};
struct BasinForcing {
  std::vector<double> precipitation_mm, temperature_c, potential_evaporation_mm;  // by step
};
// Flow, mm a step. The state is carried on; the water in the unit hydrograph is not. Missing forcing makes the flows missing that it is part of.
std::vector<double> simulate(const BasinModel& model, BasinState& state, const BasinForcing& forcing, double step_hours);

// 1 - sum of squared errors over that of the mean (Nash and Sutcliffe 1970), over the steps [begin, end) where both are known; NaN with fewer than two.
double nash_sutcliffe(std::span<const double> simulated, std::span<const double> observed, std::size_t begin, std::size_t end);

}  // namespace guyu
