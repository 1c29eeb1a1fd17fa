#pragma once
#include <vector>

#include "cli/run/region_means.h"
#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/cycle/inventory.h"
#include "engine/region/hazard_inputs.h"
#include "engine/region/region_set.h"
#include "engine/region/region_table.h"

namespace guyu::cli {

// Files that a cycle finds of severe convection.
struct ConvectionFiles {
  std::vector<InventoryItem> radar, forecast, lightning;
};

struct CycleConvection {
  std::vector<HazardSeries> series;   // lightning_probability, hail_diameter, hail_probability and wind_speed_of_gust, each "max" over the region
  std::vector<RegionColumn> columns;  // of convection_columns: with the minutes until the first storm cell arrives
};

// Storm cells and columns of the newest radar frames, by region, up to the horizon of the cells. What the data do not give (hail and gusts of a composite
// alone) is missing, not absent: its series hold no value. Without a frame of the last max_age there is nothing, and the run says so, as of every file that
// cannot be read.
CycleConvection gather_convection(const ConvectionFiles& files, const RunConfig& config, TimePoint issue, const RegionSet& regions, RegionMeans& means,
                                  RunReport& report);

// Adds the series to the inputs. Where the inputs have one of the same quantity and statistic, its pieces go on after the convection's.
void add_convection_series(std::vector<HazardSeries> series, HazardInputs& inputs);

}  // namespace guyu::cli
