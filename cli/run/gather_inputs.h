#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cli/run/cycle.h"
#include "cli/run/extrapolate_rain.h"
#include "cli/run/found_files.h"
#include "cli/run/rain_state.h"
#include "cli/run/region_means.h"
#include "cli/run/run_config.h"
#include "cli/run/run_work.h"
#include "engine/cycle/plan.h"
#include "engine/region/hazard_inputs.h"
#include "engine/region/region_table.h"

namespace guyu::cli {

// What a cycle gathers with; all of it outlives the gathering.
struct Gathering {
  const CycleOptions& options;
  const RunConfig& config;
  const CyclePlan& plan;
  const FoundFiles& found;
  const RegionSet& regions;
  const std::string& state_from;  // folder of the cycle state that this cycle goes on from
  const RunWork& work;            // where its own will be
  RegionMeans& means;
  RainState& rain;
  RunReport& report;
  std::function<void(const std::string& stage, std::size_t done, std::size_t all)> tell;
  std::function<void(const FieldPtr& newest)> on_newest;  // before the extrapolation; null: no frame
  std::function<void(const Field& amount)> on_step;       // of the extrapolation
};

struct GatheredInputs {
  HazardInputs inputs;                // series.front() is rain
  std::vector<RegionColumn> columns;  // of convection and models
  ExtrapolatedRain extrapolated;
};

// All that the packs and models of a cycle may ask for: rain, weather, attributes, convection, shaking, and what models compute of them. What is missing
// degrades the run and is named in its report.
GatheredInputs gather_inputs(const Gathering& gathering);

// What the rain of a cycle's state is completed from.
struct RainCompletion {
  const FoundFiles& found;
  const RunConfig& config;
  TimePoint issue;
  const RegionSet& regions;
  RegionMeans& means;
  RunReport& report;
};
// After the radar's new frames: what is too old goes, what gauges say comes.
void complete_rain(const RainCompletion& from, RainState& state);

// Into the notes: packs that are not yet in force, and rules that can never be evaluated with the inputs, and why.
void note_what_packs_lack(const std::vector<RulePack>& packs, const HazardInputs& inputs, RunReport& report);

}  // namespace guyu::cli
