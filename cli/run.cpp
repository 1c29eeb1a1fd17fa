#include <fmt/format.h>

#include <cstdio>

#include "cli/app.h"
#include "cli/progress.h"
#include "cli/run/cycle.h"
#include "cli/verb.h"

namespace guyu::cli {
namespace {

struct RunArguments {
  CycleOptions options;
  std::string time;
  bool dry_run = false, quiet = false;
};

void print_summary(const CycleResult& result) {
  const RunReport& r = result.report;
  fmt::print("cycle {}: {}", to_iso(r.cycle), r.degraded.empty() ? "ok" : "degraded");
  for (const auto& [level, count] : r.level_counts) fmt::print("  {} {}", level, count);
  fmt::print("\n");
  for (const RunReport::AlertLine& a : r.alerts)
    fmt::print("  {:<6} {:<6} {:>4} {}  {}  ({})\n", a.message_type, a.level, a.regions.size(), a.regions.size() == 1 ? "region " : "regions", a.identifier,
               a.reason);
  for (const std::string& d : r.degraded) fmt::print("  degraded: {}\n", d);
  fmt::print("  products: {}\n", result.folder);
}

int run(RunArguments a) {
  if (!a.time.empty()) a.options.time = parse_time(a.time);
  if (a.dry_run) {
    fmt::print("{}", plan_cycle(a.options));
    return exit_done;
  }
  Progress progress(a.quiet);
  a.options.progress = [&](const std::string& stage, std::size_t done, std::size_t all) { progress.tell(stage, done, all); };
  const CycleResult result = run_cycle(a.options);
  print_summary(result);
  return result.report.degraded.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_run(Verb& guyu) {
  Verb verb = guyu.verb("run", "run one cycle: read what is new, nowcast, decide, warn, write products");
  verb.footer("Exit code: 0 done, 1 done but degraded (the report says why), 2 user error, 3 internal error.");
  auto a = std::make_shared<RunArguments>();
  verb.option("config", a->options.config, "cycle configuration: a TOML file, or the name of a shipped one").required();
  verb.option("--data", a->options.data, "folder that the paths in the configuration are relative to").required();
  verb.option("--out", a->options.out, "folder that everything is written under").required();
  verb.option("--time", a->time, "issue time, UTC, e.g. 2019-06-10T01:10:00Z; default: now, or an archive's newest frame");
  verb.option("--cache", a->options.cache, "folder that keeps area weights between runs; default: OUT/cache");
  verb.flag("--dry-run", a->dry_run, "print the plan; read no data, write nothing");
  verb.flag("--quiet", a->quiet, "no progress on stderr");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
