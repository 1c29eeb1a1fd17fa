#pragma once
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// An earthquake as a catalogue or an early-warning centre tells it. NaN = not told.
struct Earthquake {
  std::string id;
  TimePoint time{};                    // origin time
  double longitude = 0, latitude = 0;  // epicentre, degrees
  double depth_km = std::numeric_limits<double>::quiet_NaN();
  double magnitude = 0;
  std::string magnitude_type;                                // e.g. "Ms"; empty when not told
  double strike = std::numeric_limits<double>::quiet_NaN();  // of the rupture, degrees from north by east
  std::vector<std::pair<double, double>> rupture;            // trace at the surface, longitude and latitude; empty when not known
};

}  // namespace guyu
