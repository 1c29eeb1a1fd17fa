#pragma once
#include <functional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/cycle/inventory.h"

namespace guyu {

struct PlanSettings {
  std::string radar_pattern, forecast_pattern;  // forecast: the pattern's time is the run's reference time; empty: none
  Seconds radar_interval{0};                    // between frames
  bool joins_neighbours = true;                 // frames are rates at instants: rain is what lies between two of them
  Seconds max_gap{15 * 60};                     // rates further apart are not joined
  Seconds late_after{0};                        // newest frame older than this: degraded
  Seconds max_age{30 * 60};                     // newest frame older than this: not extrapolated
  Seconds motion_span{10 * 60};                 // how far back motion looks
  Seconds history{0};                           // how far back observed rain is wanted
  Seconds forecast_max_age{24 * 3600};          // an older reference time is not used
  Seconds forecast_delay{0};                    // a run is there so long after its reference time
};

// A radar frame that the cycle reads, once.
struct PlannedFrame {
  InventoryItem item;
  bool for_rain = false;    // its rain is new
  bool for_motion = false;  // ... the others only close the gap to their neighbour
};

// What one cycle will read, decided from file names and the cycle state alone.
struct CyclePlan {
  TimePoint issue{};
  std::vector<PlannedFrame> frames;                   // oldest first
  std::vector<std::vector<InventoryItem>> forecasts;  // newest reference time first; each is one run's files
  std::size_t already_known = 0;                      // frames whose rain the cycle state holds
  std::vector<std::string> degraded;                  // late or missing inputs
  std::string describe() const;                       // for people, one line per input
};

// `known(i)`: the cycle state holds the rain of the frame that ended interval i. Frames after `issue` do not count. Where a new frame's
// rain must be joined to a neighbour (instants), the neighbour is read too. O(files in the history).
CyclePlan make_plan(const PlanSettings& settings, TimePoint issue, const std::vector<InventoryItem>& radar, const std::vector<InventoryItem>& forecast,
                    const std::function<bool(const Interval&)>& known);

}  // namespace guyu
