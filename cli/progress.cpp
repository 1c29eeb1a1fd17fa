#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace guyu::cli {

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (open_) fmt::print(stderr, "\r\033[K");
}

void Progress::tell(const std::string& stage, std::size_t done, std::size_t all) {
  if (quiet_) return;
  if (terminal_) {
    open_ = true;
    if (all > 0) fmt::print(stderr, "\r\033[K{} {}/{}", stage, done, all);
    else fmt::print(stderr, "\r\033[K{}", stage);
  } else if (stage != stage_) {
    fmt::print(stderr, "guyu: {}\n", stage);
  }
  stage_ = stage;
  std::fflush(stderr);
}

}  // namespace guyu::cli
