#pragma once
#include <optional>
#include <vector>

#include "cli/run/region_means.h"
#include "cli/run/run_config.h"
#include "cli/run/window_rain.h"
#include "cli/run_report.h"

namespace guyu::cli {

struct ForecastRain {
  std::vector<RainSlot> slots;  // of regions
  ForecastPlanes planes;        // where packs ask for sums place by place
};

// Forecast rain from the newest run that can be used; older ones stand in, and the report says so. Planes are on `rain_grid`, or on the forecast's own
// where there is none.
ForecastRain forecast_rain(const CyclePlan& plan, const RunConfig& config, RegionMeans& means, const std::optional<Grid>& rain_grid, RunReport& report);

}  // namespace guyu::cli
