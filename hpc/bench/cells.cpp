#include "hpc/bench/cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "engine/cells/cell_forecast.h"
#include "engine/cells/identify.h"
#include "engine/cells/tracker.h"
#include "engine/motion/optical_flow.h"
#include "hpc/bench/workload.h"

namespace guyu::bench {
namespace {

constexpr std::size_t kCellFrames = 4;

}  // namespace

std::vector<Measurement> storm_cells(const StageOptions& o) {
  const Rain rain = mosaic(kCellFrames);
  std::vector<FieldView<const float>> views;
  for (const Field& f : rain.frames) views.push_back(f.view());
  const GridScale scale(rain.grid);
  IdentifyOptions identify;
  identify.thresholds = {6, 12, 24, 48};  // 35, 40, 45, 50 dBZ
  identify.least_area_km2 = 12;
  TrackOptions track;
  track.least_new_area_km2 = 20;
  const CellForecastOptions forecast;
  CellTracker before(scale, track);
  const Motion first = estimate_motion(std::span(views).first(2), std::span(rain.times).first(2));
  for (std::size_t k = 0; k + 1 < rain.frames.size(); ++k) before.add(rain.times[k], identify_cells(views[k], scale, CellIntensity::linear, identify), &first);
  Measurement m{"cells",
                fmt::format("{}, {} x {}: motion of {} frames, one frame's cells", rain.origin, rain.grid.ny(), rain.grid.nx(), kCellFrames),
                0,
                o.repeats,
                4.0 * kCellFrames * static_cast<double>(rain.grid.size()),
                0,
                1.0,
                {},
                {}};
  std::size_t guard = 0;  // keeps the call from being dropped
  m.seconds = median_seconds(m.repeats, [&] {
    CellTracker tracker = before;
    const Motion motion = estimate_motion(views, rain.times);
    tracker.add(rain.times.back(), identify_cells(views.back(), scale, CellIntensity::linear, identify), &motion);
    for (const StormTrack& t : tracker.tracks()) {
      if (t.seen()) guard += forecast_cell(t, scale, forecast).leads.size();
    }
  });
  if (guard == 0) m.data += ", no cells";
  return {m};
}

}  // namespace guyu::bench
