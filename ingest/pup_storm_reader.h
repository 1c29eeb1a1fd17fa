#pragma once
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// The storm cells that a radar's own tracking lists for one volume.
struct RadarStorms {
  struct Cell {
    std::string id;
    double east_km = 0, north_km = 0;    // of the radar, to 0.25 km
    bool moves = false;                  // false: new, its motion is not known yet
    double east_m_s = 0, north_m_s = 0;  // to 1 m/s and 1 degree
    double mean_error_km = 0;            // of the radar's own forecasts for this cell
  };
  TimePoint time{};  // of the volume's start, UTC
  double longitude = 0, latitude = 0;
  std::vector<Cell> cells;            // in the table's order
  std::vector<std::string> problems;  // cells of the table without a place in the picture
};

// Storm tracking information (product 58) of a PUP: places from the packets that name a cell (15), movement and error from the alphanumeric table, where
// directions are those that a storm comes from. Throws Error naming the file when it is no such product, truncated, or its table cannot be read.
RadarStorms read_radar_storms(const std::string& path);

}  // namespace guyu
