#pragma once
#include <string>
#include <vector>

#include "hpc/bench/measure.h"

namespace guyu::bench {

struct StageOptions {
  int repeats = 5;
  std::string guyu;                   // the program to run whole cycles with; empty: no such stage
  std::vector<std::string> cycle;     // its words, before --out and --time
  std::string warm_time, timed_time;  // a first cycle fills the caches, the next one is timed
};

struct Stage {
  std::string name, what;
  std::vector<Measurement> (*run)(const StageOptions&);
};
// In the order in which they run.
const std::vector<Stage>& stages();

}  // namespace guyu::bench
