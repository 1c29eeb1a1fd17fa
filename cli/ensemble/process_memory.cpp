#include "cli/ensemble/process_memory.h"

#include <malloc.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace guyu::cli {
namespace {

// A line of /proc/self/status, which counts in KiB.
std::int64_t status_bytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key + ":")) return std::int64_t{1024} * std::atoll(line.c_str() + key.size() + 1);
  return 0;
}

}  // namespace

std::int64_t resident_memory() { return status_bytes("VmRSS"); }
std::int64_t peak_memory() { return status_bytes("VmHWM"); }

std::int64_t begin_peak_memory() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5 << std::flush;
  return resident_memory();
}

}  // namespace guyu::cli
