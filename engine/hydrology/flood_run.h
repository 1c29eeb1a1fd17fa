#pragma once
#include <vector>

#include "engine/core/plane.h"
#include "engine/hydrology/flow_network.h"
#include "engine/hydrology/kinematic_routing.h"
#include "engine/hydrology/soil_store.h"

namespace guyu {

// Rain to flow on a network: each cell's soil store sheds what it cannot hold, the network carries it.
struct FloodGround {
  const FlowNetwork* network = nullptr;
  const ChannelCells* channels = nullptr;
  std::vector<SoilStore> soil;  // by cell; retention NaN: unknown ground, whose runoff is missing
};
struct FloodState {
  static constexpr const char *water_name = "soil_water_store", *water_unit = "mm";
  static constexpr const char *unknown_name = "unknown_rain_share", *unknown_unit = "1";
  Plane water;  // mm; NaN off the network
  RoutingState channels;
  Plane unknown;  // share of the last day's rain that is not known, forgotten as exp(-time / 24 h); NaN off the network
};
// curve_number: NaN or out of (0, 100]: unknown ground. wetness: 0 dry, 0.5 moderate antecedent moisture, 1 wet enough that any rain runs off in part; linear
// between.
FloodGround flood_ground(const FlowNetwork& network, const ChannelCells& channels, const Plane& curve_number, double abstraction = 0.2);
FloodState flood_state(const FloodGround& ground, double wetness, double abstraction = 0.2);

// One step: the soil dries by `daily_recession`, the rain falls, the network leads. Gives the mean outflow of each cell, m3/s, missing where less than nine
// tenths of the ground upstream has rain that is known, now and over the last day (route(), FloodState::unknown): water that was not seen to fall is not seen
// to flow either. Under unknown rain soil comes near the level above which any rain runs off in part, as fast as it forgets; wetter soil stays as it is.
// O(cells), the same for any number of threads.
Plane flood_step(const FloodGround& ground, FloodState& state, const Plane& rain_mm, double seconds, double daily_recession = 0.9);

// Runoff that, even over all cells and over `hours`, brings each cell's flow to its threshold by the routing itself: peaks of runs with 2, 4, 8 ... 512 mm,
// between them (and up to twice beyond) by straight lines of logarithms; NaN where the threshold is missing or not reached. Channels are empty before. Only
// cells with `wanted` (by cell, 0 or 1) are waited for. O(9 x steps x cells).
Plane threshold_runoff_by_routing(const FlowNetwork& network, const ChannelCells& channels, const Plane& threshold_m3_s, double hours,
                                  const std::vector<char>& wanted, double step_seconds = 900);

// Mean of a property over each cell and all that drains through it, weighted by area; unknown cells are left out. O(n).
Plane upstream_mean(const FlowNetwork& network, const ChannelCells& channels, const Plane& values);

}  // namespace guyu
