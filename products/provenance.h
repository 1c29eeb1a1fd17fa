#pragma once
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// Where a product comes from; written into every file that is handed out.
struct Provenance {
  std::string title;                // what the file shows, for people
  std::string version;              // of the program
  std::string config_hash;          // empty when no configuration was used
  std::vector<std::string> inputs;  // "path sha256" or just the path
  TimePoint issue{};                // the cycle's time; files carry no wall clock, so that a replay gives the same bytes
};

}  // namespace guyu
