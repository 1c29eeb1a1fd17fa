#include "cli/pause.h"

#include <ctime>

namespace guyu::cli {

void pause_for(std::chrono::milliseconds time) {
  const timespec span{time.count() / 1000, (time.count() % 1000) * 1'000'000};
  ::nanosleep(&span, nullptr);
}

}  // namespace guyu::cli
