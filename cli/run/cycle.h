#pragma once
#include <functional>
#include <optional>
#include <string>

#include "alerts/dispatch/desk_answer.h"
#include "cli/run_report.h"
#include "engine/region/region_set.h"
#include "engine/region/region_table.h"
#include "engine/region/risk_table.h"

namespace guyu::cli {

// What the caller of a cycle chooses; everything else is in the configuration.
struct CycleOptions {
  std::string config;             // file, or name of a shipped configuration
  std::string data, out;          // folder that config paths are relative to; folder that everything is written under
  std::optional<TimePoint> time;  // the issue time; absent: the wall clock, or the newest frame for an archive
  std::string cache;              // zonal weights; empty: <out>/cache
  std::string alerts;             // folder of the alert store; empty: <out>/alerts
  std::function<void(const std::string& stage, std::size_t done, std::size_t all)> progress;  // may be empty
};

struct CycleResult {
  RunReport report;
  RegionSet regions;
  RegionTable table;
  RiskTable risk;
  DeskAnswer alerts;
  std::string folder;  // <out>/cycles/<time>, where this cycle's products are
};

// One cycle: inventory, plan, observe, extrapolate, forecast, decide, warn, write products. State between cycles lives in
// <out>/state. Throws Error when the configuration or the regions are unusable; unusable inputs degrade the result and are in
// its report.
CycleResult run_cycle(const CycleOptions& options);

// The checked plan as text; reads no data and writes nothing.
std::string plan_cycle(const CycleOptions& options);

}  // namespace guyu::cli
