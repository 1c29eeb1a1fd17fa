#include <fmt/format.h>

#include <memory>

#include "cli/app.h"
#include "cli/jobs/hindcast.h"
#include "cli/progress.h"
#include "cli/verb.h"
#include "engine/config/param_spec.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

struct HindcastArguments {
  HindcastOptions options;
  std::string from, to, every = "6 min", delay;
  bool quiet = false;
};

Seconds span_of(const std::string& option, const std::string& text) {
  try {
    return Seconds(static_cast<std::int64_t>(parse_duration(text)));
  } catch (const Error& e) {
    throw Error(option, e.reason(), "write it as \"6 min\"");
  }
}

int run_hindcast(HindcastArguments& a) {
  HindcastOptions& o = a.options;
  o.from = parse_time(a.from);
  o.to = parse_time(a.to);
  o.every = span_of("--every", a.every);
  if (o.every < Seconds(1)) throw Error("--every", "must be a second or more");
  if (!a.delay.empty()) o.delay = span_of("--delay", a.delay);
  Progress progress(a.quiet);
  o.progress = [&](const std::string& stage, std::size_t done, std::size_t all) { progress.tell(stage, done, all); };
  const std::vector<HindcastCycle> cycles = hindcast(o);
  std::size_t failed = 0, degraded = 0, messages = 0;
  for (const HindcastCycle& c : cycles) {
    failed += c.status == "failed" ? 1U : 0U;
    degraded += c.status == "degraded" ? 1U : 0U;
    messages += c.messages;
    if (c.status == "failed") fmt::print("  {} failed: {}\n", to_iso(c.time), c.error);
  }
  fmt::print("{} cycles: {} ok, {} degraded, {} failed, {} messages; {}\n", cycles.size(), cycles.size() - failed - degraded, degraded, failed, messages,
             o.summary.empty() ? o.out + "/summary.json" : o.summary);
  return failed + degraded == 0 ? exit_done : exit_degraded;
}

}  // namespace

void add_hindcast(Verb& guyu) {
  Verb verb = guyu.verb("hindcast", "run cycles over an archive, each seeing only what had arrived by its time");
  verb.footer(
      "A file arrived when FILE.arrival says, else at its time of last change, or --delay after the time in its name. Nobody is warned: messages become "
      "files. Exit code: 0 all cycles ok, 1 some degraded or failed, 2 user error.");
  auto a = std::make_shared<HindcastArguments>();
  verb.option("config", a->options.config, "cycle configuration: a TOML file, or the name of a shipped one").required();
  verb.option("from", a->from, "time of the first cycle, UTC").required();
  verb.option("to", a->to, "of the last").required();
  verb.option("--data", a->options.data, "folder of the archive, that the paths in the configuration are relative to").required();
  verb.option("--out", a->options.out, "folder that everything is written under").required();
  verb.option("--every", a->every, "time between cycles").shows_default();
  verb.option("--delay", a->delay, "a file without FILE.arrival came so long after the time in its name");
  verb.flag("--independent", a->options.independent, "each cycle for itself, in OUT/<time>: no rain and no warning is handed on");
  verb.option("--jobs", a->options.jobs, "cycles at a time, with --independent").between(1, 4096);
  verb.option("--summary", a->options.summary, "summary file; default: OUT/summary.json");
  verb.option("--cache", a->options.cache, "folder that keeps area weights; default: OUT/cache");
  verb.flag("--quiet", a->quiet, "no progress on stderr");
  verb.action([a] { return run_hindcast(*a); });
}

}  // namespace guyu::cli
