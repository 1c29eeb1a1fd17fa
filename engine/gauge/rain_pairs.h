#pragma once
#include <span>
#include <vector>

#include "engine/core/field.h"
#include "engine/regrid/ground_point.h"

namespace guyu {

// What one gauge measured over the interval of a radar field.
struct GaugeAmount {
  double longitude = 0, latitude = 0;  // degrees
  float amount_mm = 0;                 // NaN = missing
};

// A gauge beside the radar.
struct RainPair {
  GroundPoint place;
  double gauge_mm = 0, radar_mm = 0;  // radar NaN where it does not see
};

// The pairs of the gauges that have an amount, in their order; `index`, when given, gets the gauge of each. The radar's amount at a gauge is bilinear
// between the four cells about it, so that a gauge beside a cell's edge is not compared with one cell alone; where one of the four is missing, the cell that
// holds the gauge. O(gauges).
std::vector<RainPair> rain_pairs(const Field& radar, std::span<const GaugeAmount> gauges, std::vector<std::size_t>* index = nullptr);

}  // namespace guyu
