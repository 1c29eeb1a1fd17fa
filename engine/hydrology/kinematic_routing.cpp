#include "engine/hydrology/kinematic_routing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/hydrology/cell_geometry.h"

namespace guyu {
namespace {

// The volume V with V + step * rate * V^(5/3) = water. The left side is convex and rises: Newton's steps from above fall to the root and never pass it.
double volume_after(double water, double step, double rate) {
  if (!(water > 0)) return std::isnan(water) ? water : 0;
  double v = std::min(water, std::pow(water / (step * rate), 0.6));
  for (int k = 0; k < 60; ++k) {
    const double two_thirds = std::cbrt(v * v), out = step * rate * v * two_thirds;
    const double change = (v + out - water) / (1 + step * rate * 5.0 / 3 * two_thirds);
    v -= change;
    if (change <= 1e-12 * v) break;
  }
  return std::clamp(v, 0.0, water);
}

}  // namespace

ChannelCells channel_cells(const FlowNetwork& network, const FlowDirections& directions, const Grid& grid, FieldView<const float> elevation,
                           const ChannelOptions& options) {
  const CellGeometry geometry = cell_geometry(grid);
  const Plane area = upstream_area_km2(network, grid);
  ChannelCells cells{std::vector<double>(area.values.size(), 0.0), geometry.area_km2};
  for (const std::int32_t c : network.order()) {
    const std::int64_t j = c / grid.nx(), i = c % grid.nx();
    const std::int8_t d = directions.at(j, i);
    const double side = 1000 * std::sqrt(geometry.area_km2[static_cast<std::size_t>(j)]), length = d >= 0 ? geometry.distance_m(j, d) : side;
    const std::int32_t down = network.downstream(c);
    const double drop = down < 0 ? 0 : static_cast<double>(elevation(j, i)) - static_cast<double>(elevation(down / grid.nx(), down % grid.nx()));
    const double slope = std::max(drop / length, options.least_slope), km2 = static_cast<double>(area.values[static_cast<std::size_t>(c)]);
    const bool channel = km2 >= options.channel_from_km2;
    const double width = channel ? std::min(side, options.width_coefficient * std::pow(km2, options.width_exponent)) : side;
    const double manning = channel ? options.channel_manning : options.slope_manning;
    // Q = width depth^(5/3) sqrt(slope) / n and depth = V / (width length)
    cells.rate[static_cast<std::size_t>(c)] = width * std::sqrt(slope) / manning / std::pow(width * length, 5.0 / 3);
  }
  return cells;
}

RoutingState dry_routing_state(const FlowNetwork& network) {
  RoutingState state{Plane(network.ny(), network.nx(), std::numeric_limits<float>::quiet_NaN())};
  for (const std::int32_t c : network.order()) state.volume.values[static_cast<std::size_t>(c)] = 0;
  return state;
}

Plane route(const FlowNetwork& network, const ChannelCells& channels, const Plane& runoff_mm, double step, RoutingState& state, double least_known,
            std::span<const float> unknown) {
  const std::size_t n = channels.rate.size();
  if (runoff_mm.values.size() != n || state.volume.values.size() != n || (!unknown.empty() && unknown.size() != n))
    throw Error("routing", "runoff or state has not the network's shape", "bring the runoff to the network's grid; begin with a dry state");
  if (!(step > 0)) throw Error("routing", "the step is not longer than zero", "give the runoff's interval");
  std::vector<double> flow(n, std::numeric_limits<double>::quiet_NaN()), area(n, 0.0), known(n, 0.0);
  network.downwards([&](std::int32_t cell) {
    const auto c = static_cast<std::size_t>(cell);
    const double own = channels.area_km2[static_cast<std::size_t>(cell / network.nx())];
    const double runoff = static_cast<double>(runoff_mm.values[c]);
    area[c] = own, known[c] = std::isnan(runoff) ? 0 : unknown.empty() ? own : own * (1 - static_cast<double>(unknown[c]));
    double in = std::isnan(runoff) ? 0 : std::max(runoff, 0.0) * own * 1000;  // m3
    for (const std::int32_t above : network.upstream(cell)) {
      const auto u = static_cast<std::size_t>(above);
      in += flow[u] * step, area[c] += area[u], known[c] += known[u];
    }
    const double water = static_cast<double>(state.volume.values[c]) + in, left = volume_after(water, step, channels.rate[c]);
    // What is kept is rounded, so that the flow is the rest of what is kept: nothing is lost.
    const float kept = std::min(static_cast<float>(left), static_cast<float>(water));
    const double out = water - static_cast<double>(kept);
    state.volume.values[c] = kept;
    flow[c] = out < 0 ? 0 : out / step;  // a missing volume stays missing
  });
  Plane out(network.ny(), network.nx());
  for (std::size_t c = 0; c < n; ++c)
    out.values[c] = known[c] >= least_known * area[c] && area[c] > 0 ? static_cast<float>(flow[c]) : std::numeric_limits<float>::quiet_NaN();
  return out;
}

}  // namespace guyu
