#pragma once
#include <array>
#include <vector>

#include "products/meteogram.h"

namespace guyu {

// A series as a meteogram shows it, in the unit for people.
struct ShownSeries {
  static constexpr std::array<double, 5> kPercentiles{10, 25, 50, 75, 90};
  struct Step {
    Interval time;                       // of an instant begin == end
    std::array<double, 5> percentile{};  // all the value itself when there is one member
    bool known = false;
  };
  TimeKind kind = TimeKind::instant;
  bool ensemble = false;
  std::vector<Step> steps;
};
ShownSeries shown_series(const PlaceSeries& series, const UnitConversion& to_shown);

// Vector means of directions (degrees), by step; NaN where fewer than half of the members are known or where they cancel out.
std::vector<double> mean_directions(const PlaceSeries& series);

// The parts of `all` that a series says nothing of: of intervals what no known one covers, of instants what does not lie between two that are known and
// next to each other.
std::vector<Interval> unknown_times(const ShownSeries& series, const Interval& all);

}  // namespace guyu
