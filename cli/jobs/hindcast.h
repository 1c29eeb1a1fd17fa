#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu::cli {

struct HindcastOptions {
  std::string config, data, out, cache;
  std::string summary;  // file; empty: OUT/summary.json
  TimePoint from{}, to{};
  Seconds every{360};
  std::optional<Seconds> delay;  // a file without a sidecar arrived so long after the time in its name; absent: at its time of last change
  bool independent = false;      // each cycle for itself, in a folder of its own: no warning lives from one to the next
  int jobs = 1;                  // cycles at a time; more than one needs `independent`
  std::function<void(const std::string& stage, std::size_t done, std::size_t all)> progress;
};

struct HindcastCycle {
  TimePoint time{};
  std::string folder, status;  // ok, degraded, failed
  std::string error;
  std::size_t inputs = 0, messages = 0, degraded = 0;
  double seconds = 0;
  std::vector<std::pair<std::string, std::int64_t>> levels;
};

// The cycles FROM, FROM + every, ... TO over an archive, by the code of guyu run, each at its own time: it sees only files that had arrived by then. One after
// the other in one folder, so that rain and warnings live from cycle to cycle; or each for itself, `jobs` at a time. Cycles that are done are not done again. A
// cycle that fails is told and does not end the others. Messages become files. Writes the summary. Throws Error for what no cycle could be run with.
std::vector<HindcastCycle> hindcast(const HindcastOptions& options);

}  // namespace guyu::cli
