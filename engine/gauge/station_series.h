#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/core/quantity.h"
#include "engine/core/time.h"

namespace guyu {

// Where a gauge or a weather station stands. Degrees; elevation in m, NaN when unknown.
struct StationPlace {
  std::string code, name;
  double longitude = 0, latitude = 0;
  float elevation = 0;
};

// Observations of one quantity at stations: stations x times, canonical unit, NaN = missing.
struct StationSeries {
  Quantity quantity;
  TimeKind kind = TimeKind::instant;
  std::vector<StationPlace> stations;
  std::vector<Interval> times;  // ascending by end, then by begin; no two are equal
  std::vector<float> values;    // [station * times.size() + time]

  float& at(std::size_t station, std::size_t time) { return values[station * times.size() + time]; }
  float at(std::size_t station, std::size_t time) const { return values[station * times.size() + time]; }
  std::span<const float> of_station(std::size_t station) const { return {values.data() + station * times.size(), times.size()}; }
};

// Amounts over the wanted intervals, each the sum of amounts whose intervals fill it without gap or overlap; missing where one of them is missing: a part
// of the rain is not the rain. Throws Error when the quantity is no amount over intervals. O(values).
StationSeries accumulate(const StationSeries& amounts, const std::vector<Interval>& wanted);

}  // namespace guyu
