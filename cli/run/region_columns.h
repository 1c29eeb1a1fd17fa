#pragma once
#include <vector>

#include "cli/run/observe.h"
#include "engine/region/hazard_inputs.h"
#include "engine/region/region_table.h"

namespace guyu::cli {

// What the region files show of the rain: over each window before the issue time (rain_last_3h) and, as far as the horizon reaches, after
// it (rain_next_3h), area means from the very series that the hazards were decided on; and the newest frame's rate (mean and max).
RegionTable region_columns(const HazardInputs& inputs, const HazardSeries& rain, const std::vector<Seconds>& windows, const Field* newest_rate,
                           RegionMeans& means);

}  // namespace guyu::cli
