#pragma once
#include <vector>

#include "engine/core/plane.h"
#include "engine/hydrology/flow_network.h"
#include "engine/hydrology/kinematic_routing.h"
#include "engine/hydrology/runoff_model.h"

namespace guyu {

// Rain to flow on a network: the ground of each cell sheds what it does not hold, the network carries it.
struct FloodGround {
  const FlowNetwork* network = nullptr;
  const ChannelCells* channels = nullptr;
  const RunoffModel* runoff = nullptr;
};
struct FloodState {
  static constexpr const char *unknown_name = "unknown_rain_share", *unknown_unit = "1";
  static constexpr float most_unknown = 0.1F;  // of the ground upstream, and no flow is known
  SoilState soil;
  RoutingState channels;
  Plane unknown;  // share of the last day's rain that is not known, forgotten as exp(-time / 24 h); NaN off the network
};
// Empty channels. wetness: of the ground, as the runoff model takes it (0 dry, 0.5 moderate, 1 wet).
FloodState flood_state(const FloodGround& ground, double wetness);

// One step: rain falls on the ground and potential evaporation takes from it, mm both (a runoff model that knows of none may be given an empty plane), the
// network leads what leaves the ground. Gives the mean outflow of each cell, m3/s, missing where less than nine tenths of the ground upstream has rain that is
// known, now and over the last day (route(), FloodState::unknown): water that was not seen to fall is not seen to flow either. O(cells), the same for any
// number of threads.
Plane flood_step(const FloodGround& ground, FloodState& state, const Plane& rain_mm, const Plane& potential_evaporation_mm, double seconds);

// Runoff that, even over all cells and over `hours`, brings each cell's flow to its threshold by the routing itself: peaks of runs with 2, 4, 8 ... 512 mm,
// between them (and up to twice beyond) by straight lines of logarithms; NaN where the threshold is missing or not reached. Channels are empty before. Only
// cells with `wanted` (by cell, 0 or 1) are waited for. O(9 x steps x cells).
Plane threshold_runoff_by_routing(const FlowNetwork& network, const ChannelCells& channels, const Plane& threshold_m3_s, double hours,
                                  const std::vector<char>& wanted, double step_seconds = 900);

// Mean of a property over each cell and all that drains through it, weighted by area; unknown cells are left out. O(n).
Plane upstream_mean(const FlowNetwork& network, const ChannelCells& channels, const Plane& values);

}  // namespace guyu
