#pragma once
#include <vector>

#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/cycle/inventory.h"
#include "engine/region/hazard_inputs.h"
#include "models/hazard_model.h"

namespace guyu::cli {

// The series that are asked for besides the mean of rain, in the order of the regions, from township series of forecasts (guyu forecast): of each time the
// newest run that had it, so that the hours before the newest run are those that older ones foretold. Futures are joined to those of other series in turn. What
// no file gives is told in the report and is missing.
std::vector<HazardSeries> weather_series(const std::vector<InventoryItem>& files, const RunConfig& config, const std::vector<InputNeed>& needs, TimePoint issue,
                                         const RegionSet& regions, RunReport& report);

}  // namespace guyu::cli
