#pragma once
#include <functional>
#include <string>

#include "cli/demo/summary.h"

namespace guyu::cli::demo {

struct DemoOptions {
  std::string out;                                                                            // made when absent; an earlier demo in it is replaced
  std::function<void(const std::string& stage, std::size_t done, std::size_t all)> progress;  // may be empty
};

// Writes the case, runs its three cycles, scores them and writes what summary_text() names. No network, no wall clock: two runs of one build
// write the same inputs, warnings and summary. Throws Error when `out` holds other files.
DemoOutcome run_demo(const DemoOptions& options);

}  // namespace guyu::cli::demo
