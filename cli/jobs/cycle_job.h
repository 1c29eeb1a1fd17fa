#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/run/cycle.h"

namespace guyu::cli {

// A cycle as a job that a scheduler starts again and again.
struct JobOptions {
  CycleOptions cycle;           // `time` absent: what is due by the clock
  Seconds every{360};           // cycles are due at whole multiples of it, counted from 1970
  Seconds deadline{0};          // so long after its time a cycle waits for its newest frame; then it goes without, degraded
  Seconds expire{30 * 60};      // a cycle that is older is not run any more
  int catch_up = 0;             // missed cycles to run after the newest one, newest first
  std::string status, metrics;  // files; empty: OUT/status.json, none
  std::function<TimePoint()> clock;
  std::function<void(std::chrono::milliseconds)> pause;
};

// Times of cycles that are due at `now`, newest first, not done and not older than `expire`: the newest, and at most `catch_up` that were missed. O(expire /
// every).
std::vector<TimePoint> due_cycles(TimePoint now, Seconds every, Seconds expire, int catch_up, const std::function<bool(TimePoint)>& done);

// Where the products of a missed cycle go: alerts have gone on, so that it has a folder, and files for channels, of its own.
std::string late_folder(const std::string& out, TimePoint cycle);

// Runs what is due and returns the exit code: 0 done (degraded too: status file and report say so), 69 nothing was run because it had expired, 75 not done and
// worth another try (another job holds the folder, or this one was asked to stop; what it has is kept). Throws Error for what another try would not mend.
int run_job(const JobOptions& options);

}  // namespace guyu::cli
