#include <fmt/format.h>

#include <csignal>
#include <memory>

#include "cli/app.h"
#include "cli/ensemble/member_team.h"
#include "cli/jobs/cycle_job.h"
#include "cli/jobs/stop_signals.h"
#include "cli/pause.h"
#include "cli/progress.h"
#include "cli/verb.h"
#include "engine/config/param_spec.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

struct CycleArguments {
  CycleOptions options;
  std::string time, now, every = "6 min", deadline = "0 s", expire = "30 min", status, metrics;
  int catch_up = 0;
  bool quiet = false;
};

// sysexits.h has names for what a scheduler shall not try again.
constexpr int kUsage = 64, kSoftware = 70;

Seconds seconds_of(const std::string& option, const std::string& text, Seconds least) {
  try {
    const Seconds s(static_cast<std::int64_t>(parse_duration(text)));
    if (s >= least) return s;
  } catch (const Error&) {}
  throw Error(option, "'" + text + "' is no time span" + (least.count() > 0 ? " of a second or more" : ""), "write it as \"6 min\"");
}

int run_cycle_job(CycleArguments& a, MemberTeam& team) {
  JobOptions job;
  job.cycle = a.options;
  job.cycle.team = &team;
  if (!a.time.empty()) job.cycle.time = parse_time(a.time);
  job.every = seconds_of("--every", a.every, Seconds(1));
  job.deadline = seconds_of("--deadline", a.deadline, Seconds(0));
  job.expire = seconds_of("--expire", a.expire, Seconds(1));
  job.catch_up = a.catch_up;
  job.status = a.status;
  job.metrics = a.metrics;
  job.pause = [](std::chrono::milliseconds ms) { pause_for(ms); };
  const auto wall = [] { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); };
  job.clock = wall;
  if (!a.now.empty()) job.clock = [shift = parse_time(a.now) - wall(), wall] { return wall() + shift; };
  catch_stop_signals();
  job.cycle.stop = stop_asked;
  Progress progress(a.quiet);
  job.cycle.progress = [&](const std::string& stage, std::size_t done, std::size_t all) { progress.tell(stage, done, all); };
  return run_job(job);
}

}  // namespace

void add_cycle(Verb& guyu, Comm& comm) {
  Verb verb = guyu.verb("cycle", "the cycle that is due, as a job: waits for late data, catches up, goes on after a stop, says how it went");
  verb.footer(
      "Exit code: 0 done (the status file says whether degraded), 64 user error, 69 expired, 70 internal error, 75 try again: another job is at work, or "
      "SIGTERM or SIGUSR1 came. Only 75, and 128 and more, are worth another try.");
  auto a = std::make_shared<CycleArguments>();
  verb.option("config", a->options.config, "cycle configuration: a TOML file, or the name of a shipped one").required();
  verb.option("--data", a->options.data, "folder that the paths in the configuration are relative to").required();
  verb.option("--out", a->options.out, "folder that everything is written under").required();
  verb.option("--time", a->time, "this cycle; without it the one that is due");
  verb.option("--every", a->every, "cycles are due at whole multiples of this time").shows_default();
  verb.option("--deadline", a->deadline, "so long after its time a cycle waits for its newest frame; then it goes without, degraded").shows_default();
  verb.option("--expire", a->expire, "older cycles are not run any more").shows_default();
  verb.option("--catch-up", a->catch_up, "missed cycles to run after the newest, newest first, each into OUT/late/<time>").between(0, 10'000);
  verb.option("--status", a->status, "status file; default: OUT/status.json");
  verb.option("--metrics", a->metrics, "Prometheus text file (*.prom), for node_exporter");
  verb.option("--cache", a->options.cache, "folder that keeps area weights between runs; default: OUT/cache");
  verb.option("--now", a->now, "take this for the time when the job starts: for drills and archives");
  verb.flag("--quiet", a->quiet, "no progress on stderr");
  verb.action([a, &comm]() -> int {
    if (comm.rank() > 0) {
      ignore_stop_signals();  // rank 0 decides
      serve_members(comm);
      return exit_done;
    }
    try {
      MemberTeam team(comm);
      return run_cycle_job(*a, team);
    } catch (const Error& e) {
      fmt::print(stderr, "guyu: {}\n", e.what());
      return kUsage;
    } catch (const std::exception& e) {
      fmt::print(stderr, "guyu: internal error: {}\n", e.what());
      return kSoftware;
    }
  });
}

}  // namespace guyu::cli
