#pragma once
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu::test {

// Two square townships and rain over them in files of steps: what trainings and calibrations of amounts are tried on.
struct RainCase {
  explicit RainCase(const std::string& name);
  // A run (or an analysis) of amounts, one value a township and step; missing elsewhere.
  void write(const std::string& file, TimePoint issued, const std::vector<Interval>& steps, const std::vector<std::vector<float>>& of_townships) const;
  std::string folder, towns;
};

inline const TimePoint kRainStart = parse_time("2024-07-01T00:00:00Z");
inline Interval rain_hours(int begin, int end) { return {kRainStart + Seconds(3600 * begin), kRainStart + Seconds(3600 * end)}; }

}  // namespace guyu::test
