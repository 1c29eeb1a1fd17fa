#pragma once
#include <string>
#include <vector>

#include "cli/run_report.h"
#include "engine/hydrology/xinanjiang_parameters.h"
#include "engine/region/hazard_inputs.h"

namespace guyu::cli {

// Parameters of the regions' soils as the attributes xinanjiang_<key> that models look at, by the regions' attribute soil_class; a file of one class is that of
// all regions where there is no such attribute. Regions without a class, or whose class has no parameters, have none: their ground is unknown, and the report
// says so. Attributes of these names that a table has given stand. O(regions).
void add_soil_attributes(const std::string& path, const std::vector<XinanjiangSoil>& soils, HazardInputs& inputs, RunReport& report);

}  // namespace guyu::cli
