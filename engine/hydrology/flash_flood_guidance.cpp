#include "engine/hydrology/flash_flood_guidance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/hydrology/unit_hydrograph.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

double critical_rain_mm(const std::function<double(double)>& response, double threshold, double most, double tolerance) {
  const double dry = response(0), wet = response(most);
  if (std::isnan(dry) || std::isnan(wet) || std::isnan(threshold)) return std::numeric_limits<double>::quiet_NaN();
  if (dry >= threshold) return 0;
  if (wet < threshold) return std::numeric_limits<double>::infinity();
  double low = 0, high = most;
  while (high - low > tolerance) {
    const double middle = 0.5 * (low + high);
    (response(middle) >= threshold ? high : low) = middle;
  }
  return high;
}

double threshold_runoff_mm(double threshold_m3_s, double area_km2, double reservoirs, double k_hours, double duration_hours) {
  if (std::isnan(threshold_m3_s)) return threshold_m3_s;
  // Ordinates are means over their step: the peak is looked for on steps of an eighth of the duration.
  const std::vector<double> fine = nash_unit_hydrograph(reservoirs, k_hours, duration_hours / 8);
  const std::vector<double> flow = convolve(std::vector<double>(8, 1.0 / 8), fine, true);
  const double peak = 8 * *std::max_element(flow.begin(), flow.end());  // share of the runoff in one duration, at the peak's rate
  return threshold_m3_s / discharge_m3_s(peak, area_km2, duration_hours);
}

Plane critical_rain_mm(const Plane& runoff, const Plane& retention, const CurveNumberOptions& options) {
  if (runoff.ny != retention.ny || runoff.nx != retention.nx)
    throw Error("flash-flood guidance", "runoff and retention differ in shape", "bring both to one grid");
  Plane out(runoff.ny, runoff.nx);
  for (std::size_t k = 0; k < out.values.size(); ++k)
    out.values[k] = static_cast<float>(curve_number_rain(static_cast<double>(runoff.values[k]), static_cast<double>(retention.values[k]), options));
  return out;
}

Plane critical_rain_mm(const Plane& runoff, const XinanjiangGrid& grid, const XinanjiangPlanes& state) {
  if (runoff.ny != grid.ny || runoff.nx != grid.nx || state.planes[0].values.size() != grid.set_of.size())
    throw Error("flash-flood guidance", "runoff or state has not the columns' shape", "bring both to their grid");
  Plane out(grid.ny, grid.nx, std::numeric_limits<float>::quiet_NaN());
  parallel_for(grid.ny * grid.nx, 1024, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      if (grid.set_of[k] < 0) continue;
      const XinanjiangParameters& p = grid.sets[static_cast<std::size_t>(grid.set_of[k])];
      const XinanjiangState s = column_state(state, k);
      out.values[k] = static_cast<float>(critical_rain_mm([&](double rain) { return runoff_made_mm(p, s, rain); }, static_cast<double>(runoff.values[k])));
    }
  });
  return out;
}

double peak_flow_m3_s(const GuidanceBasin& basin, double rain_mm, int duration_hours) {
  XinanjiangState state = basin.state;
  const auto duration = static_cast<std::size_t>(duration_hours);
  std::vector<double> runoff;
  for (std::size_t t = 0; t < duration + basin.unit_hydrograph.size(); ++t)
    runoff.push_back(xinanjiang_step(basin.parameters, state, t < duration ? rain_mm / duration_hours : 0, 0, 1).runoff());
  const std::vector<double> flow = convolve(runoff, basin.unit_hydrograph);
  double peak = 0;
  for (std::size_t t = 0; t < flow.size(); ++t) peak = std::max(peak, flow[t] + (t < basin.in_channels_mm.size() ? basin.in_channels_mm[t] : 0));
  return discharge_m3_s(peak, basin.area_km2, 1);
}

std::vector<double> critical_rain_mm(const GuidanceBasin& basin, double threshold_m3_s, std::span<const int> durations, double most_mm) {
  std::vector<double> out;
  for (const int hours : durations) {
    if (hours < 1) throw Error("flash-flood guidance", "a duration is shorter than an hour", "give whole hours, e.g. 1, 3, 6");
    out.push_back(critical_rain_mm([&](double rain) { return peak_flow_m3_s(basin, rain, hours); }, threshold_m3_s, most_mm));
  }
  return out;
}

}  // namespace guyu
