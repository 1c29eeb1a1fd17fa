#pragma once
#include <string>
#include <vector>

#include "cli/demo/storm_case.h"
#include "cli/demo/townships.h"

namespace guyu::cli::demo {

// Writes what a weather service would have on disk, below `folder`: radar/demo_<time>.h5, forecast/demo_<run>.grib2, regions/townships.gpkg.
void write_case(const StormCase& c, const Province& province, const std::string& folder);

// The forecast's amounts since its reference time, one field per hour, on 0.1 degrees.
std::vector<Field> forecast_amounts(const StormCase& c);

}  // namespace guyu::cli::demo
