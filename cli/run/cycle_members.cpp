// Jobs of their own that make members for a cycle.
#include "cli/run/cycle.h"
#include "cli/run/extrapolate_rain.h"
#include "cli/run/forecast.h"
#include "cli/run/found_files.h"
#include "cli/run/gather_inputs.h"
#include "cli/run/observe.h"
#include "cli/run/rain_state.h"
#include "cli/run/run_config.h"
#include "cli/run/run_work.h"
#include "cli/run/window_rain.h"

namespace guyu::cli {

void run_members_of_cycle(const CycleOptions& options, const std::vector<int>& members, const std::string& writer) {
  const RunConfig config = load_run_config(options.config, options.data);
  const RegionSet regions = load_regions(config);
  const FoundFiles found = find_files(config, options);
  const TimePoint issue = issue_time(options, config, found);
  RegionMeans means(regions, options.cache.empty() ? options.out + "/cache" : options.cache);
  RunReport report;  // the run's own tells what was wanting
  RainState state = load_rain_state(options.out + "/state", config, regions, report);
  // Whose rain is new is the run's business, unless members are summed up with it.
  const bool sums_places = state.radar_planes.has_value();
  CyclePlan plan = make_plan(config.plan, issue, found.radar, found.forecast, [&](const Interval& i) { return !sums_places || state.knows(i); });
  if (!sums_places) std::erase_if(plan.frames, [](const PlannedFrame& f) { return !f.for_motion; });
  const MotionFrames frames = observe(plan, config, means, state, report, [](std::size_t, std::size_t) {});
  WindowPlan windows;
  if (sums_places) {
    complete_rain({found, config, issue, regions, means, report}, state);
    windows = window_task(config, issue, frames, state, forecast_rain(plan, config, means, rain_grid(frames, state), report).planes).plan;
  }
  make_group(frames, plan, windows, config, means, report, {options.team, RunWork(options.out, issue).members(), writer, members, options.stop});
}

}  // namespace guyu::cli
