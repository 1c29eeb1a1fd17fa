#pragma once
#include <string>
#include <vector>

#include "cli/run/rain_state.h"
#include "cli/run/region_means.h"
#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/cycle/inventory.h"

namespace guyu::cli {

// Adds to the state, which must have gauges, what radar and gauges say together of the intervals that stations report within the history and that are not there
// yet: quality control, merging, means over the regions. Leave-one-out scores, flags and fallbacks go to the report. Without radar the gauges stand alone,
// within their reach; when frames of that time have come since, it is merged again. Without gauges nothing is added, and the report says so. Nothing here ends
// a run.
void merge_gauge_rain(const std::vector<InventoryItem>& stations, const std::vector<InventoryItem>& radar, const RunConfig& config, TimePoint issue,
                      const RegionSet& regions, RegionMeans& means, RainState& state, RunReport& report);

}  // namespace guyu::cli
