#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/gauge/merge_model.h"

namespace guyu {
namespace {

std::vector<RainPair> seen_by_radar(std::span<const RainPair> pairs) {
  std::vector<RainPair> seen;
  std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(seen), [](const RainPair& p) { return !std::isnan(p.radar_mm); });
  return seen;
}

// The gauges less what a straight line through the pairs makes of the radar: what is left for the variogram.
std::vector<double> residuals(const std::vector<RainPair>& pairs) {
  double g = 0, r = 0, rr = 0, gr = 0;
  const auto n = static_cast<double>(pairs.size());
  for (const RainPair& p : pairs) g += p.gauge_mm / n, r += p.radar_mm / n;
  for (const RainPair& p : pairs) rr += (p.radar_mm - r) * (p.radar_mm - r), gr += (p.radar_mm - r) * (p.gauge_mm - g);
  const double slope = rr > 0 ? gr / rr : 0;
  std::vector<double> left;
  for (const RainPair& p : pairs) left.push_back(p.gauge_mm - g - slope * (p.radar_mm - r));
  return left;
}

void choose_variogram(MergePlan& plan, std::span<const RainPair> all, const std::vector<RainPair>& seen, const std::optional<Variogram>& radar,
                      const MergeSettings& s) {
  plan.variogram = s.variogram.value_or(s.default_variogram);
  plan.variogram_from = s.variogram ? "settings" : "default";
  if (s.variogram) return;
  // Where the radar sees no gauge, these are kriged by themselves: then their amounts are what varies.
  const std::span<const RainPair> told = seen.empty() ? all : std::span<const RainPair>(seen);
  if (told.size() >= s.least_for_variogram) {
    std::vector<GroundPoint> places;
    std::vector<double> amounts;
    for (const RainPair& p : told) places.push_back(p.place), amounts.push_back(p.gauge_mm);
    if (const auto fitted = fit_variogram(places, seen.empty() ? amounts : residuals(seen))) {
      plan.variogram = *fitted;
      plan.variogram_from = "gauges";
      return;
    }
  }
  if (radar) {
    // The radar's small scales are those of its cells; what a gauge adds to them is not seen by it.
    plan.variogram = {radar->range_km, std::max(radar->nugget, s.default_variogram.nugget)};
    plan.variogram_from = "radar";
  }
}

// Why external drift cannot be had; empty when it can.
std::string no_drift(const MergePlan& plan, const std::vector<RainPair>& seen, const MergeSettings& s) {
  if (seen.size() < s.least_for_drift) return fmt::format("{} gauges within the radar's sight; external drift needs {}", seen.size(), s.least_for_drift);
  const auto wet = std::count_if(seen.begin(), seen.end(), [&](const RainPair& p) { return p.gauge_mm >= s.wet_mm; });
  if (wet < 3) return fmt::format("{} wet gauges; external drift needs 3", wet);
  if (seen.size() > s.most_global) return {};  // each neighbourhood sees to itself
  std::vector<GroundPoint> places;
  std::vector<double> gauge, radar;
  for (const RainPair& p : seen) places.push_back(p.place), gauge.push_back(p.gauge_mm), radar.push_back(p.radar_mm);
  const auto trial = DualKriging::fit(places, gauge, radar, plan.variogram);
  if (!trial) return "the radar does not differ between the gauges; external drift has no slope";
  if (!(trial->slope() > 0)) return fmt::format("more radar goes with less rain (slope {:.2f}); external drift would turn the field over", trial->slope());
  return {};
}

}  // namespace

std::optional<Variogram> radar_variogram(const Field& radar) {
  const VariogramSettings fit;
  const Grid& grid = radar.grid();
  // A square lattice of cells, about as many as the fit looks at, so that it has nothing to thin (thinning a lattice by k leaves stripes).
  const auto step =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(grid.size()) / static_cast<double>(fit.most_points)))));
  const GridGround ground(grid);
  std::vector<GroundPoint> places, row;
  std::vector<double> values;
  for (std::int64_t j = step / 2; j < grid.ny(); j += step) {
    ground.row(j, 0, grid.nx(), row);
    for (std::int64_t i = step / 2; i < grid.nx(); i += step) {
      places.push_back(row[static_cast<std::size_t>(i)]);
      values.push_back(double{radar.view()(j, i)});
    }
  }
  return fit_variogram(places, values, fit);
}

MergePlan plan_merge(std::span<const RainPair> pairs, const std::optional<Variogram>& radar_structure, const MergeSettings& s) {
  const std::vector<RainPair> seen = seen_by_radar(pairs);
  MergePlan plan;
  plan.wanted = plan.method = s.method;
  plan.gauges = pairs.size();
  plan.pairs = seen.size();
  plan.bias = mean_field_bias(seen, s.bias);
  choose_variogram(plan, pairs, seen, radar_structure, s);
  const auto fall_back = [&](MergeMethod from, MergeMethod to, const std::string& why) {
    if (plan.method != from || why.empty()) return;
    plan.method = to;
    plan.reason += (plan.reason.empty() ? "" : "; ") + why;
  };
  if (plan.method == MergeMethod::external_drift) fall_back(MergeMethod::external_drift, MergeMethod::conditional, no_drift(plan, seen, s));
  if (seen.size() < s.least_for_kriging) {
    fall_back(MergeMethod::conditional, MergeMethod::mean_field_bias,
              fmt::format("{} gauges within the radar's sight; conditional merging needs {}", seen.size(), s.least_for_kriging));
  }
  if (plan.bias.pairs == 0)
    fall_back(MergeMethod::mean_field_bias, MergeMethod::radar_alone, "at no gauge do gauge and radar both see rain; there is no mean field bias");
  return plan;
}

}  // namespace guyu
