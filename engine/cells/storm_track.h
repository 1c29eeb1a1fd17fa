#pragma once
#include <cstdint>
#include <vector>

#include "engine/cells/storm_cell.h"
#include "engine/core/time.h"

namespace guyu {

// Where and how large a tracked cell was in a frame that shows it.
struct TrackPoint {
  TimePoint time{};
  CellPlace place;  // centroid
  double area_km2 = 0;
  float maximum = 0;  // the field's unit
};

// A storm cell through time. `cell` and all trends belong to the newest point.
struct StormTrack {
  std::uint32_t id = 0;                 // from 1, in the order of birth; never used again
  std::vector<TrackPoint> points;       // oldest first
  std::vector<std::uint32_t> parents;   // tracks that it split from or that merged into it
  std::vector<std::uint32_t> children;  // tracks that split from it, or the one that it merged into
  StormCell cell;
  int missed = 0;                   // frames in a row without it
  bool ended = false;               // merged, or missed too often
  bool moves = false;               // its motion is known; else v and u are 0, and their error is that of not knowing
  double v = 0, u = 0;              // rows and columns per second
  double position_error_km = 0;     // standard deviation of the centroid about its path, each way
  double velocity_error_km_s = 0;   // and of the velocity
  double area_growth_per_s = 0;     // of ln(area)
  double maximum_growth_per_s = 0;  // field's unit
  Seconds age() const { return points.back().time - points.front().time; }
  bool seen() const { return !ended && missed == 0; }
};

}  // namespace guyu
