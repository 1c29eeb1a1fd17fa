#pragma once
#include <array>

#include "cli/demo/storm.h"
#include "engine/core/grid.h"
#include "engine/core/time.h"

namespace guyu::cli::demo {

// The made-up afternoon: when, where and what rains. Nothing rains before `begin`.
//
// A front lies over the north and rains evenly for hours; single cells wander with the flow; new cells grow again and again over
// one valley in the south, so that its rain adds up; and a line of cells forms in the west, merges, crosses the province and
// drags a wide field of light rain behind it.
struct StormCase {
  TimePoint begin{};  // first radar frame
  Seconds radar_interval{};
  TimePoint last_cycle{};  // also the newest radar frame
  std::array<TimePoint, 3> cycles{};
  TimePoint truth_end{};
  TimePoint forecast_reference{};
  int forecast_hours = 0;
  Grid grid;  // 1 km, azimuthal equal-area about the middle of the domain
  Storm storm;
};

StormCase storm_case();

double minute_of(const StormCase& c, TimePoint t);  // minutes since begin

// The same weather as a numerical forecast would see it: smoothed over some 10 km, a tenth too dry, in the wrong place by 30 km (large
// systems less), late by 40 min, without the texture and without the smaller cells.
Storm forecast_of(const Storm& truth);

}  // namespace guyu::cli::demo
