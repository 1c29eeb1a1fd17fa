#pragma once
#include <cstdint>
#include <vector>

namespace guyu::cli::demo {

// Random numbers as a pure function of where they are used: the same on every run, in any order and for any number of threads.
// Mixing: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t mixed(std::uint64_t value);
double uniform(std::uint64_t stream, std::int64_t a, std::int64_t b = 0, std::int64_t c = 0);  // [0, 1)

// Smooth noise in [-1, 1] over place and time: values at the points of a lattice of unit spacing, joined by a smooth step. This is its
// course along x at fixed y and t; `first` <= x <= `last`.
class NoiseRow {
 public:
  NoiseRow(std::uint64_t stream, double y, double t, double first, double last);
  double at(double x) const;

 private:
  std::int64_t begin_;
  std::vector<double> values_;
};

}  // namespace guyu::cli::demo
