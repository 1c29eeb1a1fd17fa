#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/gauge/station_series.h"
#include "ingest/reader.h"

namespace guyu {

// All tables of one quantity as one series: every station that appears in any of them, told apart by code and place, with NaN where a table lacks it. A station
// that a table holds twice comes as two, for quality control to see. Tables of other quantities are passed over. Instants and amounts are not mixed: of the
// two, that kind is taken which the first such table has. O(values log stations).
StationSeries station_series(std::span<const StationTable> tables, const std::string& quantity);

struct StationFiles {
  std::vector<StationTable> tables;
  std::vector<std::string> problems, notes;  // a file that cannot be read is a problem, not the end
};
// Throws Error when no file gives a table.
StationFiles read_station_files(const std::vector<std::string>& paths, const ReadRequest& request = {});

}  // namespace guyu
