#pragma once
#include <functional>
#include <string>
#include <vector>

#include "engine/region/hazard_inputs.h"

namespace guyu {

// Township series of a forecast: read back from the NetCDF file that `guyu forecast` writes.
struct RegionSeriesFile {
  std::string path;
  std::vector<std::string> codes;    // of the file
  TimePoint reference{};             // of the run
  std::vector<HazardSeries> series;  // by codes, or by the regions asked for; `horizon`: end of the file's last step, read or not
  std::size_t absent = 0;            // of the regions asked for that the file has not
};

// What is read of a file.
struct SeriesRequest {
  // Of a quantity by a statistic over the area (mean, max, p90, ...; empty: all that there are) the steps that touch a stretch of time.
  struct Wanted {
    std::string quantity, statistic;
    Interval time{TimePoint::min(), TimePoint::max()};
  };
  std::vector<Wanted> series;        // empty: all that the file holds
  std::vector<std::string> regions;  // in this order, missing where the file has none of the code; empty: as the file has them
  // Of a series as read so far, without pieces: steps for which this says true are left out. Empty: none.
  std::function<bool(const HazardSeries&, const Interval&)> is_told;
};

// Of a quantity on several levels the one nearest to the ground; steps that were not written are missing; a value is the mean of the members that are known.
// An instant speaks for the time before it, as far as its neighbours tell, so two more steps are read at either end of the wanted time. Throws Error naming
// file and variable. O(members x steps x regions) of what is wanted.
RegionSeriesFile read_region_series(const std::string& path, const SeriesRequest& request = {});

}  // namespace guyu
