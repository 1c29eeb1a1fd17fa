#pragma once
#include <string>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// One value per region: a statistic of a quantity over an interval (or at an instant).
struct RegionColumn {
  std::string name;  // unique in its table, e.g. "observed_rain_3h"
  std::string long_name;
  Quantity quantity;
  std::string statistic;  // "mean", "max", ...
  TimeKind kind = TimeKind::instant;
  Interval valid;
  std::vector<float> values;    // NaN = unknown
  std::vector<float> coverage;  // 0..1, valid share of area (and time)
};

// Township values of one cycle, in the order of the RegionSet.
struct RegionTable {
  TimePoint issue{};
  std::size_t regions = 0;
  std::vector<RegionColumn> columns;
};

}  // namespace guyu
