#pragma once
#include <string>
#include <vector>

#include "cli/run/convection_series.h"
#include "cli/run/cycle.h"
#include "cli/run/run_config.h"
#include "engine/cycle/inventory.h"

namespace guyu::cli {

// The files that a run finds. A folder that is not there is a late input like any other: it degrades the run and does not end it.
struct FoundFiles {
  std::vector<InventoryItem> radar, forecast, gauges, weather, earthquakes;
  ConvectionFiles convection;
  std::vector<std::string> degraded;
};
FoundFiles find_files(const RunConfig& config, const CycleOptions& options);

// Of the options, else of the clock; of an archive that of the newest frame: throws Error when there is none.
TimePoint issue_time(const CycleOptions& options, const RunConfig& config, const FoundFiles& found);

}  // namespace guyu::cli
