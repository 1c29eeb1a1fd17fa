#pragma once
#include <string>
#include <vector>

#include "engine/gauge/station_series.h"

namespace guyu {

// The places of stations from a table (csv_columns.h) with a code, longitude and latitude, and an elevation where it has one; its other columns are passed
// over. Throws Error naming file and line for a heading that lacks one of the three, a line that cannot be read, and a code that comes twice with two places.
std::vector<StationPlace> read_station_list(const std::string& path);

}  // namespace guyu
