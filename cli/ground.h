#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/target_grid.h"
#include "cli/verb.h"
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
// The field of a quantity and level on the ground's grid. Throws Error naming the file when it is not there or on another grid.
Plane plane_of(const Ground& ground, const std::string& path, const std::string& quantity, const std::string& level = "");

FieldPtr as_field(const Grid& grid, const std::string& quantity, const std::string& unit, const std::string& level, const Plane& plane,
                  TimeKind kind = TimeKind::instant, Interval valid = {});
std::string period_level(double years);  // "5 year"

}  // namespace guyu::cli
