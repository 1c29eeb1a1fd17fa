#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/gauge/quality_flag.h"
#include "engine/gauge/quality_limits.h"
#include "engine/gauge/station_series.h"

namespace guyu {

struct QualitySettings {
  struct Box {
    double west = -180, south = -90, east = 180, north = 90;  // degrees; east may be below west over the date line
    bool holds(double longitude, double latitude) const;
  };
  std::optional<Box> domain;        // where stations can be
  std::vector<StationPlace> known;  // the station list; empty: none. A code that it lacks is no fault
  double known_within_km = 3;
  double same_place_km = 0.02;        // closer than that, two stations are one
  double share_of_record = 0.6;       // quality_limits.h; 0.6 of the world's record is 253 mm in an hour
  std::optional<double> least, most;  // instead of the table's
  double neighbour_radius_km = 40;
  std::size_t least_neighbours = 3, most_neighbours = 8;  // with a value; with fewer nobody is condemned
  double neighbour_spread = 4;                            // robust standard deviations
  // What another instrument (the radar) saw at the stations, as StationSeries::values; NaN or empty: nothing. A value that neighbours do not bear out but
  // that it does, within a factor of witness_factor, stands: the one gauge under a storm must not be silenced.
  std::vector<float> witness;
  double witness_factor = 4;
  std::vector<QualityFlag> skip;  // checks that are not made
};

struct QualityFinding {
  QualityFlag flag;
  std::size_t station = 0;
  std::optional<std::size_t> time;  // none: the station, at all times
  float value = 0;                  // as it was; NaN for a station
  std::string reason;
};

struct QualityControl {
  StationSeries series;  // what was flagged is missing in it
  std::vector<QualityFinding> findings;
  std::array<std::size_t, kQualityFlags.size()> counts{};  // findings by flag
  std::size_t values_before = 0, values_after = 0;         // not missing
};

// The checks in the order of their flags' kinds: place, duplicates, range, step, persistence, neighbours; each looks at what those before it left. Missing
// data condemn nobody. The order of findings and all results depend on the data alone. Throws Error for a witness of another size.
// O(values) and, for neighbours, O(stations x stations within the radius' band of latitude).
QualityControl quality_control(StationSeries series, const QualitySettings& settings = {});

}  // namespace guyu
