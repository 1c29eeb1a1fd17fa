#pragma once
#include <string>
#include <vector>

#include "cli/ground.h"
#include "engine/hydrology/flood_run.h"

namespace guyu::cli {

// Ground and channels at a time, as guyu flood keeps them, with the network, the runoff model and the parameters that they belong to.
struct TimedFloodState {
  FloodState state;
  TimePoint at{};
};
void write_flood_state(const std::string& path, const Ground& ground, const RunoffModel& runoff, const std::vector<std::string>& inputs,
                       const TimedFloodState& state);
// Throws Error naming the file when it is of another grid, network or runoff model, or of other parameters.
TimedFloodState read_flood_state(const Ground& ground, const RunoffModel& runoff, const std::string& path);

}  // namespace guyu::cli
