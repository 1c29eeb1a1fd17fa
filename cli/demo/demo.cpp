#include "cli/demo/demo.h"

#include <filesystem>

#include "cli/demo/case_files.h"
#include "cli/demo/next_hour.h"
#include "cli/demo/truth_products.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu::cli::demo {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMark = "guyu-demo.txt";  // tells a folder of the demo from one that is not to be touched

void prepare(const fs::path& out) {
  if (fs::exists(out) && !fs::is_directory(out)) throw Error(out.string(), "is not a folder");
  if (fs::exists(out) && !fs::is_empty(out) && !fs::exists(out / kMark))
    throw Error(out.string(), "holds files that no demo wrote", "give an empty or new folder");
  write_file_atomically((out / kMark).string(), "Written by `guyu demo`, which replaces all of it when it runs again. Begin with summary.txt.\n");
  for (const char* made : {"data", "run", "truth", "summary.txt", "summary.json"}) fs::remove_all(out / made);
}

CycleAnswer answer_of(const CycleResult& cycle, const RunConfig& config, const std::string& cache) {
  CycleAnswer a{cycle.report.cycle, cycle.report.cycle + config.horizon, {}, next_hour_of(cycle, cache)};
  for (const RiskRow& r : cycle.risk.rows) a.levels.push_back(r.level);
  return a;
}

RiskTable true_risk(const CycleScore& s, const std::string& hazard, TimePoint horizon) {
  RiskTable risk{s.issue, {}};
  for (std::size_t k = 0; k < s.truth.size(); ++k) risk.rows.push_back({k, hazard, s.truth[k], {s.issue, horizon}, {}});
  return risk;
}

}  // namespace

DemoOutcome run_demo(const DemoOptions& options) {
  const fs::path out(options.out);
  const std::string data = (out / "data").string(), run = (out / "run").string(), truth_folder = (out / "truth").string();
  const auto tell = [&](const std::string& stage) {
    if (options.progress) options.progress(stage, 0, 0);
  };
  prepare(out);
  tell("writing the case");
  const StormCase c = storm_case();
  const Province province = made_up_province(c.grid.crs());
  write_case(c, province, data);

  RunConfig config = load_run_config("demo", data);
  std::vector<CycleResult> cycles;
  std::vector<CycleAnswer> answers;
  for (const TimePoint time : c.cycles) {
    cycles.push_back(run_cycle({"demo", data, run, time, "", "", options.progress}));
    answers.push_back(answer_of(cycles.back(), config, run + "/cache"));
  }

  tell("scoring");
  RegionSet regions = cycles.back().regions;
  TrueRain truth = true_rain(c, regions);
  Scores scores = score(truth.townships, config.packs.front(), answers);
  tell("drawing the truth");
  write_truth_table(truth_folder, truth.townships, regions);
  for (const CycleScore& s : scores.cycles)
    draw_true_levels(truth_folder, regions, true_risk(s, config.packs.front().hazard, s.issue + config.horizon), config);
  write_true_grids(truth_folder, truth.hours, regions, config);

  DemoOutcome outcome{std::move(config), std::move(regions), std::move(cycles), std::move(truth.townships), std::move(scores)};
  write_file_atomically((out / "summary.json").string(), summary_json(outcome));
  write_file_atomically((out / "summary.txt").string(), summary_text(outcome));
  return outcome;
}

}  // namespace guyu::cli::demo
