#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/grid.h"
#include "engine/core/plane.h"
#include "engine/hydrology/flow_network.h"

namespace guyu {

// How the ground leads water: slopes as sheets as wide as their cells, channels where enough area drains through.
struct ChannelOptions {
  double channel_from_km2 = 1;  // upstream area
  // Width of a channel = coefficient * area^exponent, m and km2: downstream hydraulic geometry (Leopold and Maddock 1953, exponent 0.5 of discharge). The
  // coefficient is regional and wants calibration.
  double width_coefficient = 2.5, width_exponent = 0.5;
  double channel_manning = 0.04, slope_manning = 0.30;  // s m^-1/3: natural streams, woods and grass (Chow 1959)
  double least_slope = 1e-4;                            // filled flats
};

// Outflow of each cell, m3/s, as rate * volume^(5/3), volume in m3: Manning's law for a wide rectangular section.
struct ChannelCells {
  std::vector<double> rate;      // by cell, 0 off the network
  std::vector<double> area_km2;  // of the cell itself, by row
};
ChannelCells channel_cells(const FlowNetwork& network, const FlowDirections& directions, const Grid& grid, FieldView<const float> elevation,
                           const ChannelOptions& options = {});

// What routing must remember between cycles.
struct RoutingState {
  static constexpr std::string_view name = "channel_water_volume", unit = "m3";
  Plane volume;  // NaN off the network
};
RoutingState dry_routing_state(const FlowNetwork& network);

// Moves water for one step from cell to cell. `runoff_mm` enters the cells evenly during the step. Backward Euler of the kinematic wave in every cell, in the
// order of the network: no step is too long to be stable, volumes never fall below zero, more runoff anywhere never lowers a flow, and what goes in comes
// out or stays. Long steps smear waves. Gives the mean outflow of each cell over the step, m3/s. Missing runoff counts as none, but flows are given as missing
// where less than `least_known` of the area upstream had runoff. unknown: by cell, how much of it counts as unknown for that although it has runoff now (0 to
// 1; rain that was missed before is missed in the channels still); empty: nothing. A volume that is missing makes all flows below it missing. O(n); the same
// for any number of threads. Source: Chow, Maidment and Mays (1988), Applied Hydrology, section 9.6, as a chain of nonlinear reservoirs.
Plane route(const FlowNetwork& network, const ChannelCells& channels, const Plane& runoff_mm, double step_seconds, RoutingState& state,
            double least_known = 0.9, std::span<const float> unknown = {});

}  // namespace guyu
