#pragma once
#include <functional>
#include <optional>
#include <string>

#include "alerts/dispatch/desk_answer.h"
#include "cli/run/extrapolate_rain.h"
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

  MemberTeam* team = nullptr;                                                 // who makes the members; null: this process alone
  std::function<bool(const std::string& path, TimePoint of)> sees = nullptr;  // input files that exist for this cycle; empty: all. `of`: the time in the name
  std::function<bool()> stop = nullptr;    // true: Stopped is thrown at the next place to go on from, but not once warnings are out. May be empty
  std::string station = {};                // in the place of the configuration's; empty: that one
  std::vector<std::string> degraded = {};  // what the caller knows to be wanting; goes to the report
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
// A run that was killed is started again with the same time: it goes on from what was kept (run_work.h) and gives the same bytes.
CycleResult run_cycle(const CycleOptions& options);

// Only these members of the cycle's ensemble, kept for the run that follows: a job of its own, beside others, that writes nothing else and takes no lock.
// `writer` names it among them. Throws Error when there is nothing to make members from.
void run_members_of_cycle(const CycleOptions& options, const std::vector<int>& members, const std::string& writer);

// The checked plan as text; reads no data and writes nothing.
std::string plan_cycle(const CycleOptions& options);

}  // namespace guyu::cli
