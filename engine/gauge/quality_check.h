#pragma once
#include <limits>
#include <utility>

#include "engine/gauge/quality_control.h"

// The checks of quality_control(), one file each.
namespace guyu::quality {

struct Check {
  QualityControl& control;
  const QualitySettings& settings;

  const StationSeries& series() const { return control.series; }
  void condemn(QualityFlag flag, std::size_t station, std::size_t time, std::string reason) {
    float& value = control.series.at(station, time);
    control.findings.push_back({flag, station, time, value, std::move(reason)});
    value = std::numeric_limits<float>::quiet_NaN();
  }
  void condemn_station(QualityFlag flag, std::size_t station, std::string reason) {
    constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
    control.findings.push_back({flag, station, std::nullopt, kMissing, std::move(reason)});
    for (std::size_t t = 0; t < series().times.size(); ++t) control.series.at(station, t) = kMissing;
  }
};

// Coordinates that cannot be, that are 0/0, that are longitude and latitude exchanged; stations outside the domain; stations far from their place in the list.
void check_places(Check check, const std::vector<QualityFlag>& skip);
// A code or a place that appears twice: the first station keeps what both agree on and what only one has; where they contradict each other, neither stands.
void check_duplicates(Check check, QualityFlag which);
void check_range(Check check);
void check_step(Check check);
void check_persistence(Check check);
// Against the median of the neighbours at the same time, in units of their median absolute deviation.
void check_neighbours(Check check);

// The times of each length of interval, ascending: hours are compared with hours and days with days.
std::vector<std::vector<std::size_t>> times_by_length(const StationSeries& series);

// The limits that hold over one interval, with what the user set instead.
QualityLimits limits_of(const StationSeries& series, const Interval& interval, const QualitySettings& settings);

}  // namespace guyu::quality
