#pragma once
#include <vector>

#include "hpc/bench/measure.h"

namespace guyu::bench {

// Triad a = b + s * c over arrays far larger than any cache, on one thread and on all: what memory can deliver, counting
// 12 bytes a cell (the read that a write causes is not counted). Source: McCalpin's STREAM.
std::vector<Measurement> memory_bandwidth(int repeats);
// Bytes per second of the best of them.
double best_rate(const std::vector<Measurement>& triads);

}  // namespace guyu::bench
