#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>

#include "cli/app.h"
#include "cli/ensemble/member_team.h"
#include "cli/progress.h"
#include "cli/run/cycle.h"
#include "cli/verb.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

struct RunArguments {
  CycleOptions options;
  std::string time, members, writer;
  bool dry_run = false, quiet = false;
};

void print_summary(const CycleResult& result) {
  const RunReport& r = result.report;
  fmt::print("cycle {}: {}", to_iso(r.cycle), r.degraded.empty() ? "ok" : "degraded");
  // Of several hazards each has its own line; levels that no region has are left out there.
  const bool several = r.hazard_levels.size() > 1;
  if (!several)
    for (const auto& [level, count] : r.level_counts) fmt::print("  {} {}", level, count);
  fmt::print("\n");
  for (const auto& [hazard, counts] : r.hazard_levels) {
    if (!several) break;
    fmt::print("  {}:", hazard);
    for (const auto& [level, count] : counts)
      if (count > 0) fmt::print("  {} {}", level, count);
    fmt::print("\n");
  }
  for (const RunReport::AlertLine& a : r.alerts)
    fmt::print("  {:<6} {:<6} {:>4} {}  {}  ({})\n", a.message_type, a.level, a.regions.size(), a.regions.size() == 1 ? "region " : "regions", a.identifier,
               a.reason);
  for (const std::string& d : r.degraded) fmt::print("  degraded: {}\n", d);
  fmt::print("  products: {}\n", result.folder);
}

// "0-5,8": numbers and ranges of them.
std::vector<int> parse_members(const std::string& text) {
  std::set<int> all;
  const auto wrong = [&] { return Error("--only-members", "'" + text + "' is no list of members", "give numbers and ranges: 0-5,8"); };
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const char *p = text.data() + at, *last = text.data() + end;
    int from = 0, to = 0;
    auto read = std::from_chars(p, last, from);
    if (read.ec != std::errc()) throw wrong();
    to = from;
    if (read.ptr != last) {
      if (*read.ptr != '-') throw wrong();
      read = std::from_chars(read.ptr + 1, last, to);
      if (read.ec != std::errc() || read.ptr != last) throw wrong();
    }
    if (from < 0 || to < from || to > 10'000) throw wrong();
    for (int m = from; m <= to; ++m) all.insert(m);
    at = end + 1;
  }
  return {all.begin(), all.end()};
}

int run(RunArguments a, MemberTeam& team) {
  a.options.team = &team;
  if (!a.time.empty()) a.options.time = parse_time(a.time);
  if (a.dry_run) {
    fmt::print("{}", plan_cycle(a.options));
    return exit_done;
  }
  if (!a.members.empty()) {
    const std::vector<int> members = parse_members(a.members);
    run_members_of_cycle(a.options, members, fmt::format("members_{:04}_{:04}", members.front(), members.back()));
    return exit_done;
  }
  Progress progress(a.quiet);
  a.options.progress = [&](const std::string& stage, std::size_t done, std::size_t all) { progress.tell(stage, done, all); };
  const CycleResult result = run_cycle(a.options);
  print_summary(result);
  return result.report.degraded.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_run(Verb& guyu, Comm& comm) {
  Verb verb = guyu.verb("run", "run one cycle: read what is new, nowcast, decide, warn, write products");
  verb.footer("Exit code: 0 done, 1 done but degraded (the report says why), 2 user error, 3 internal error.");
  auto a = std::make_shared<RunArguments>();
  verb.option("config", a->options.config, "cycle configuration: a TOML file, or the name of a shipped one").required();
  verb.option("--data", a->options.data, "folder that the paths in the configuration are relative to").required();
  verb.option("--out", a->options.out, "folder that everything is written under").required();
  Option time = verb.option("--time", a->time, "issue time, UTC, e.g. 2019-06-10T01:10:00Z; default: now, or an archive's newest frame");
  verb.option("--cache", a->options.cache, "folder that keeps area weights between runs; default: OUT/cache");
  Option members = verb.option("--only-members", a->members,
                               "e.g. 0-5,8: make only these members of the ensemble and keep them for the run that follows, which needs --time too");
  verb.flag("--dry-run", a->dry_run, "print the plan; read no data, write nothing");
  verb.flag("--quiet", a->quiet, "no progress on stderr");
  members.needs(time);
  verb.action([a, &comm]() -> int {
    if (comm.rank() > 0) return serve_members(comm), exit_done;
    MemberTeam team(comm);
    return run(*a, team);
  });
}

}  // namespace guyu::cli
