#pragma once
#include <string>
#include <vector>

#include "cli/demo/township_rain.h"
#include "cli/run/run_config.h"

namespace guyu::cli::demo {

// What really fell, for people to hold beside the cycles' products. All throw Error naming the file.

// townships.csv: hourly area means, mm.
void write_truth_table(const std::string& folder, const TownshipRain& rain, const RegionSet& regions);

// rain.nc: hourly sums on the grid; rain_<hours>.png: the first three hours and the whole case.
void write_true_grids(const std::string& folder, const std::vector<Field>& hours, const RegionSet& regions, const RunConfig& config);

// levels_<time>.png: the levels that the true rain would have called for at that time.
void draw_true_levels(const std::string& folder, const RegionSet& regions, const RiskTable& levels, const RunConfig& config);

}  // namespace guyu::cli::demo
