#pragma once
#include <optional>
#include <vector>

#include "cli/run/extrapolate_rain.h"
#include "cli/run/observe.h"
#include "cli/run/rain_state.h"
#include "cli/run/region_means.h"
#include "cli/run/run_config.h"
#include "engine/cycle/rain_planes.h"
#include "engine/region/hazard_inputs.h"
#include "engine/window_sums/window_sums.h"

// Rain that falls in each place over windows of time, as packs ask for it: the largest 24 h sum in a township, say. Radar, gauges, nowcast and forecast are
// summed up cell by cell, each future by itself; only what the packs name is made.
namespace guyu::cli {

// Each window once, with its statistics; empty: nobody asks.
std::vector<WindowWanted> wanted_windows(const RunConfig& config);

// Windows end then at the latest: no rule looks further, nor does the run.
TimePoint last_window_end(const RunConfig& config, TimePoint issue);

// The amounts on a grid, between the cells of another one bilinear, with the coverage that they have there.
RainPlane plane_on(const Grid& grid, const Field& amount, RegionMeans& means);

// Forecast rain cell by cell; ascending, without overlap.
struct ForecastPlanes {
  std::optional<Grid> grid;
  std::vector<RainPlanePtr> planes;
};

// The grid of the newest frame, or that of what is remembered where there is none.
std::optional<Grid> rain_grid(const MotionFrames& frames, const RainState& state);

// What is to be summed up, where. Windows end at the issue time, at the steps of the extrapolation, every hour of the forecast, and at all moments that rules
// look at by themselves. Nothing is wanted where nobody asks, or nothing has rain on a grid.
struct WindowTask {
  WindowPlan plan;
  std::optional<Grid> grid;
};
WindowTask window_task(const RunConfig& config, TimePoint issue, const MotionFrames& frames, const RainState& state, const ForecastPlanes& forecast);

// As many series as the plan has columns, of the futures' values that the extrapolation brings, with the share of area and time that is known of what was
// summed up. Without an extrapolation the forecast goes on from what was observed. `rain`: means of the same rain.
std::vector<HazardSeries> window_series(const WindowTask& task, const ExtrapolatedRain& extrapolated, const RunConfig& config, const HazardSeries& rain,
                                        RegionMeans& means);

}  // namespace guyu::cli
