#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace guyu::bench {

// One timed stage. `bytes` is the traffic that cannot be avoided: what goes in read once, what comes out written
// once. bytes / seconds against the measured memory bandwidth says how far a stage is from its floor.
struct Measurement {
  std::string stage, data;  // data: what it ran on, "real" or "synthetic" included
  double seconds = 0;       // median
  int repeats = 0;
  double bytes = 0;       // 0: no statement
  double peak_bytes = 0;  // of a child process; 0: not measured
  std::optional<double> bar_seconds, bar_bytes;
  std::string skipped;  // why there is no measurement; empty: there is one
  bool met() const;     // true too when there is no bar
};

// Median wall time of `repeats` calls after one call that is not counted (pages, caches, decoder tables).
double median_seconds(int repeats, const std::function<void()>& call);

std::string to_table(const std::vector<Measurement>& all, double bandwidth);  // bandwidth in bytes/s, 0 = unknown
std::string to_json(const std::vector<Measurement>& all, double bandwidth, int threads);

}  // namespace guyu::bench
