#pragma once
#include <string>
#include <vector>

#include "cli/demo/score.h"
#include "cli/run/cycle.h"
#include "cli/run/run_config.h"

namespace guyu::cli::demo {

// All that the demo has to tell.
struct DemoOutcome {
  RunConfig config;
  RegionSet regions;
  std::vector<CycleResult> cycles;
  TownshipRain truth;
  Scores scores;
};

// For people: what the cycles decided, which messages went out, how right they were, where the files are. Carries no wall clock.
std::string summary_text(const DemoOutcome& outcome);
// The same figures for machines; a score that does not exist is null.
std::string summary_json(const DemoOutcome& outcome);

}  // namespace guyu::cli::demo
