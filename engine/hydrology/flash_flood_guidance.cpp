#include "engine/hydrology/flash_flood_guidance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/hydrology/flood_run.h"
#include "engine/hydrology/unit_hydrograph.h"

namespace guyu {
namespace {

constexpr int kRungs = 89;  // of rain: 1 mm and on by the eighth root of 2, to 2048 mm

// What leaves the ground of each cell while so much rain falls evenly in so many steps.
Plane shed_mm(const RunoffModel& model, SoilState soil, double rain_mm, int steps, double step_seconds) {
  const std::size_t n = soil.front().values.size();
  const Plane rain(soil.front().ny, soil.front().nx, static_cast<float>(rain_mm / steps)), nothing(rain.ny, rain.nx, 0);
  Plane sum(rain.ny, rain.nx, 0);
  for (int t = 0; t < steps; ++t) {
    const Plane left = model.step(soil, rain, nothing, step_seconds);
    for (std::size_t k = 0; k < n; ++k) sum.values[k] += left.values[k];
  }
  return sum;
}

}  // namespace

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

Plane critical_rain_mm(const RunoffModel& model, const SoilState& soil, const FlowNetwork& network, const ChannelCells& channels, const Plane& threshold,
                       double hours, double step) {
  if (threshold.ny != network.ny() || threshold.nx != network.nx())
    throw Error("flash-flood guidance", "the threshold has not the network's shape", "bring it to its grid");
  if (!(hours > 0) || !(step > 0) || std::abs(std::remainder(hours * 3600, step)) > 1e-6 * step)
    throw Error("flash-flood guidance", "the duration is no whole number of steps", "give e.g. 3 hours and steps of 15 minutes");
  const auto steps = static_cast<int>(std::lround(hours * 3600 / step));
  constexpr float kOpen = std::numeric_limits<float>::infinity();
  Plane out(threshold.ny, threshold.nx, std::numeric_limits<float>::quiet_NaN()), low;
  std::size_t open = 0;
  for (const std::int32_t cell : network.order())
    if (const auto c = static_cast<std::size_t>(cell); !std::isnan(threshold.values[c])) out.values[c] = kOpen, ++open;
  double rain_low = 0;
  for (int rung = 0; rung <= kRungs && open > 0; ++rung) {
    const double rain = rung == 0 ? 0 : std::exp2(0.125 * (rung - 1));
    Plane high = upstream_mean(network, channels, shed_mm(model, soil, rain, steps, step));
    for (const std::int32_t cell : network.order()) {
      const auto c = static_cast<std::size_t>(cell);
      if (out.values[c] != kOpen) continue;
      const auto wanted = static_cast<double>(threshold.values[c]), b = static_cast<double>(high.values[c]);
      if (wanted > b) continue;
      const double a = rung == 0 ? b : static_cast<double>(low.values[c]), part = b > a ? (wanted - a) / (b - a) : 1;
      out.values[c] = std::isnan(b) ? high.values[c] : rung == 0 ? 0.0F : static_cast<float>(rain_low + std::clamp(part, 0.0, 1.0) * (rain - rain_low));
      --open;
    }
    low = std::move(high), rain_low = rain;
  }
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
