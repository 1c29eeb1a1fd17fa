#pragma once
#include <vector>

#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/cycle/inventory.h"
#include "engine/region/hazard_inputs.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

// What the newest reports say of earthquakes, as attributes of the regions for the model seismic_intensity: earthquake_intensity, the highest one in the region
// of any earthquake of the last max_age, on average ground, and earthquake_age, hours since the newest of them. A later report of the same id takes the place
// of an earlier one. Without a report that can be read there are no attributes: nothing is known, and the run says so.
void gather_shaking(const std::vector<InventoryItem>& files, const RunConfig& config, const RegionSet& regions, HazardInputs& inputs, RunReport& report);

}  // namespace guyu::cli
