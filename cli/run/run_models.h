#pragma once
#include <string>
#include <vector>

#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/region/hazard_inputs.h"
#include "engine/region/region_set.h"
#include "engine/region/region_table.h"

namespace guyu::cli {

// Computes the models one after another and adds their series to the inputs, which later models see too. What they remember is read from
// `state_from` and written to `state_to`; a damaged file, or one of other regions, lets them begin anew. A model that cannot be computed, and a state that
// cannot be kept, degrade the run: their series are missing then. Where a model looks at the latitude of regions, and no table of attributes gives it, it is
// that of the outlines' middle.
void run_models(const std::vector<ChosenModel>& models, const std::string& state_from, const std::string& state_to, const RegionSet& regions,
                HazardInputs& inputs, RunReport& report);

// For the township files: the greatest known value of each model's quantity (the mean of the members) from the issue time to the end of what is told, named
// after the quantity, with the coverage of that value.
std::vector<RegionColumn> model_columns(const std::vector<ChosenModel>& models, const HazardInputs& inputs);

}  // namespace guyu::cli
