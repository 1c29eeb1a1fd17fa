#pragma once
#include <vector>

#include "cli/run/rain_state.h"
#include "cli/run/region_means.h"
#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/cycle/plan.h"

namespace guyu::cli {

// The frames that motion is found from, as rates (mm/h), oldest first; all on the grid of the newest.
struct MotionFrames {
  std::vector<FieldPtr> rates;
  std::vector<TimePoint> times;
};

// Reads the planned radar frames one after another (at most a few are in memory), adds what is new of their rain to the
// state and keeps what motion needs. Unusable frames are reported and left out.
MotionFrames observe(const CyclePlan& plan, const RunConfig& config, RegionMeans& means, RainState& state, RunReport& report,
                     const std::function<void(std::size_t done, std::size_t all)>& progress);

}  // namespace guyu::cli
