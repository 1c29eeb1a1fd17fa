#pragma once
#include <string>
#include <vector>

#include "engine/region/hazard_inputs.h"

namespace guyu {

// Township series of a forecast: read back from the NetCDF file that `guyu forecast` writes.
struct RegionSeriesFile {
  std::string path;
  std::vector<std::string> codes;
  TimePoint reference{};             // of the run
  std::vector<HazardSeries> series;  // by codes; of a quantity on several levels the one nearest to the ground; steps that were not written are missing
};
// Only series of the wanted quantities; all of them when none is named. A value is the mean of the members that are known. Throws Error naming file and
// variable. O(members x steps x regions).
RegionSeriesFile read_region_series(const std::string& path, const std::vector<std::string>& quantities = {});

}  // namespace guyu
