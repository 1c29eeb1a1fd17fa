#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/target_grid.h"
#include "cli/verb.h"
#include "engine/hydrology/flood_run.h"
#include "engine/hydrology/flow_network.h"
#include "engine/hydrology/kinematic_routing.h"

namespace guyu::cli {

// The elevation, and what cells at the sea are, as the options of a verb tell it.
struct GroundArguments {
  std::vector<std::string> elevation;
  TargetGrid target;
  double sea;
  GroundArguments();
  void add_options(Verb& verb);  // --elevation, --sea and those of the grid; this must live as long as the command
};
// How the ground sheds and leads water.
struct RunoffArguments {
  std::string curve_number;
  double abstraction = 0.2;
  ChannelOptions channels;
  void add_options(Verb& verb);  // --curve-number, --abstraction, --channel-from, --channel-width, --manning
};

struct Ground {
  std::vector<std::string> tiles;
  Grid grid;
  Field elevation;  // NaN: sea or no tile
  FlowDirections directions;
  std::unique_ptr<FlowNetwork> network;
  Plane area_km2;  // upstream
};
// Throws Error when there is no land, or tiles do not fit each other and no grid is told.
Ground read_ground(const GroundArguments& arguments, const std::string& verb);

ChannelCells channel_cells(const Ground& ground, const ChannelOptions& options);
// One number for all cells, or a raster's area means. Throws Error for numbers out of (0, 100].
Plane curve_numbers(const Ground& ground, const std::string& number_or_file);
// The field of a quantity and level on the ground's grid. Throws Error naming the file when it is not there or on another grid.
Plane plane_of(const Ground& ground, const std::string& path, const std::string& quantity, const std::string& level = "");

// Soil and channels at a time, as guyu flood keeps them, with the network that they belong to.
struct TimedFloodState {
  FloodState state;
  TimePoint at{};
};
void write_flood_state(const std::string& path, const Ground& ground, const std::vector<std::string>& inputs, const TimedFloodState& state);
// Throws Error naming the file when it is of another grid or network.
TimedFloodState read_flood_state(const Ground& ground, const std::string& path);
FieldPtr as_field(const Grid& grid, const std::string& quantity, const std::string& unit, const std::string& level, const Plane& plane,
                  TimeKind kind = TimeKind::instant, Interval valid = {});
std::string period_level(double years);  // "5 year"

}  // namespace guyu::cli
