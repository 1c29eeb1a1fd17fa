#include "cli/verb.h"

#include <fmt/format.h>

#include <chrono>

#include "cli/app.h"
#include "cli/demo/demo.h"
#include "cli/progress.h"

namespace guyu::cli {
namespace {

demo::DemoOutcome run_with_progress(const std::string& out, bool quiet) {
  Progress progress(quiet);
  return demo::run_demo({out, [&](const std::string& stage, std::size_t done, std::size_t all) { progress.tell(stage, done, all); }});
}

int run(const std::string& out, bool quiet) {
  const auto started = std::chrono::steady_clock::now();
  const demo::DemoOutcome outcome = run_with_progress(out, quiet);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  fmt::print("{}\nAll of it is in {} and took {:.1f} s.\n", demo::summary_text(outcome), out, seconds);
  for (const CycleResult& c : outcome.cycles)
    if (!c.report.degraded.empty()) return exit_degraded;
  return exit_done;
}

}  // namespace

void add_demo(Verb& guyu) {
  Verb verb = guyu.verb("demo", "write a made-up case, run three cycles on it, score them against the truth");
  auto out = std::make_shared<std::string>("guyu-demo");
  auto quiet = std::make_shared<bool>(false);
  verb.option("--out", *out, "folder that everything is written under; an earlier demo in it is replaced").shows_default();
  verb.flag("--quiet", *quiet, "no progress on stderr");
  verb.action([out, quiet] { return run(*out, *quiet); });
}

}  // namespace guyu::cli
