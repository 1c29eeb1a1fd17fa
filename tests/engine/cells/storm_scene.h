#pragma once
#include "engine/cells/identify.h"
#include "engine/cells/tracker.h"
#include "tests/engine/cells/storm_case.h"

namespace guyu::test {

inline constexpr std::int64_t kRows = 120, kColumns = 160;
inline const TimePoint kStart = parse_time("2024-07-01T00:00:00Z");

struct Storm {
  double row, column;
  float peak = 55;
  double slope = 2;
};

// Frames by the minute that they are of.
struct Scene {
  GridScale scale{kilometre_grid(kRows, kColumns)};
  CellTracker tracker{scale};
  std::optional<Motion> motion = uniform_motion(kRows, kColumns, 0, 0);
  void frame(int minute, const std::vector<Storm>& storms) {
    Plane p(kRows, kColumns, 0);
    for (const Storm& s : storms) add_storm(p, s.row, s.column, s.peak, s.slope);
    tracker.add(kStart + Seconds{60 * minute}, identify_cells(p.view(), scale, CellIntensity::reflectivity), motion ? &*motion : nullptr);
  }
  const StormTrack& track(std::uint32_t id) const { return tracker.tracks()[id - 1]; }
};

}  // namespace guyu::test
