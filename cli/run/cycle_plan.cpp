// What a cycle would do, without doing it.
#include <fmt/format.h>

#include "cli/run/cycle.h"
#include "cli/run/found_files.h"
#include "cli/run/rain_state.h"
#include "cli/run/run_config.h"
#include "engine/cycle/plan.h"

namespace guyu::cli {

std::string plan_cycle(const CycleOptions& options) {
  const RunConfig config = load_run_config(options.config, options.data);
  const RegionSet regions = load_regions(config);
  const FoundFiles found = find_files(config, options);
  RunReport state_report;
  const RainState state = load_rain_state(options.out + "/state", config, regions, state_report);
  const CyclePlan plan =
      make_plan(config.plan, issue_time(options, config, found), found.radar, found.forecast, [&](const Interval& i) { return state.knows(i); });
  std::string text = plan.describe();
  for (const std::string& d : found.degraded) text += "  degraded: " + d + "\n";
  for (const std::string& d : state_report.degraded) text += "  degraded: " + d + "\n";
  text += fmt::format("  regions: {}\n", regions.regions.size());
  for (const RulePack& pack : config.packs) text += fmt::format("  rules of {}: {} ({})\n", pack.hazard, pack.name, pack.path);
  for (const ChosenModel& m : config.models)
    text += fmt::format("  model: {} gives {} {}\n", m.model->info().name, m.model->info().quantity, m.model->info().statistic);
  text +=
      fmt::format("  extrapolation to {:g} min in steps of {:g} min, answers to {}\n  output: {}\n", static_cast<double>(config.extrapolate_until.count()) / 60,
                  static_cast<double>(config.extrapolate_step.count()) / 60, to_iso(plan.issue + config.horizon), options.out);
  return text;
}

}  // namespace guyu::cli
