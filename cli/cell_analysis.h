#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/cells/cell_forecast.h"
#include "engine/cells/identify.h"
#include "engine/cells/tracker.h"
#include "engine/core/field.h"

namespace guyu::cli {

// How verbs find and forecast cells; the thresholds are chosen by the frames' quantity when none are given.
struct CellSettings {
  std::vector<double> thresholds;
  double least_area_km2 = 20, least_core_km2 = 8;
  int horizon_min = 60;
  IdentifyOptions identify(bool reflectivity) const;
  CellForecastOptions forecast() const;
};

struct CellAnalysis {
  CellTracker tracker;
  std::vector<CellForecast> forecasts;  // of the tracks that the newest frame shows
};

// Cells of all frames (at least one, of one grid), followed through time with the optical flow of up to four frames as first guess. `after` sees the tracks as
// they stand after each frame. Notes on the motion go to the error stream.
using AfterFrame = std::function<void(TimePoint, const Field&, std::span<const StormTrack>)>;
CellAnalysis follow_cells(const std::map<TimePoint, Field>& frames, bool reflectivity, const CellSettings& settings, const AfterFrame& after = {});

// Raises a composite to another level of the same grid: the maximum of those that are known.
void raise_composite(Field& composite, const Field& level);

}  // namespace guyu::cli
