#include "engine/hydrology/basin_model.h"

#include <cmath>
#include <limits>

#include "engine/hydrology/unit_hydrograph.h"

namespace guyu {

std::vector<double> simulate(const BasinModel& model, BasinState& state, const BasinForcing& forcing, double step_hours) {
  std::vector<double> runoff;
  for (std::size_t t = 0; t < forcing.precipitation_mm.size(); ++t) {
    const double water = snow_step(model.snow, state.snow, forcing.precipitation_mm[t], forcing.temperature_c[t], step_hours);
    runoff.push_back(xinanjiang_step(model.soil, state.soil, water, forcing.potential_evaporation_mm[t], step_hours).runoff());
  }
  return convolve(runoff, nash_unit_hydrograph(model.reservoirs, model.k_hours, step_hours));
}

double nash_sutcliffe(std::span<const double> simulated, std::span<const double> observed, std::size_t begin, std::size_t end) {
  double n = 0, mean = 0;
  const auto known = [&](std::size_t t) { return !std::isnan(simulated[t]) && !std::isnan(observed[t]); };
  for (std::size_t t = begin; t < end; ++t)
    if (known(t)) n += 1, mean += observed[t];
  if (n < 2) return std::numeric_limits<double>::quiet_NaN();
  mean /= n;
  double error = 0, spread = 0;
  for (std::size_t t = begin; t < end; ++t) {
    if (!known(t)) continue;
    error += (simulated[t] - observed[t]) * (simulated[t] - observed[t]);
    spread += (observed[t] - mean) * (observed[t] - mean);
  }
  return 1 - error / spread;
}

}  // namespace guyu
