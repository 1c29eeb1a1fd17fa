#pragma once
#include <vector>

#include "cli/run/region_means.h"
#include "cli/run/run_config.h"
#include "cli/run_report.h"

namespace guyu::cli {

// Forecast rain per region from the newest run that can be used; older ones stand in, and the report says so.
std::vector<RainSlot> forecast_rain(const CyclePlan& plan, const RunConfig& config, RegionMeans& means, RunReport& report);

}  // namespace guyu::cli
