#pragma once
#include <array>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/region/risk_table.h"

namespace guyu {

// What one cycle said of its townships: read back from the NetCDF file that `guyu run` writes.
struct TownshipLevels {
  TimePoint issue{};
  std::string hazard;
  std::vector<std::string> codes;
  std::vector<Level> levels;
  // Share of the members that reach at least Blue, Yellow, Orange, Red, as they are before any calibration; NaN where nothing could be told. Empty when the
  // file holds none.
  std::vector<std::array<float, 4>> member_share;
  std::vector<float> unknown_share;    // of the members that cannot tell; with member_share
  std::vector<TimePoint> valid_until;  // end of the time that the level speaks of; the issue time where it does not say
};

// Throws Error naming the file: not readable, no townships, no such hazard. An empty hazard is the only one
// that the file has.
TownshipLevels read_township_levels(const std::string& path, const std::string& hazard = {});

}  // namespace guyu
