#pragma once
#include <cstdint>
#include <functional>

// Shared-memory loops over *outputs*. Work is cut into fixed chunks that depend only on n and grain, never on
// the number of threads, so results are bit-identical for any thread count. A loop inside a loop, or beside another
// thread's loop, runs on its caller alone. Nothing else starts threads for computing.
namespace guyu {

// Number of threads used by later parallel_for calls; n <= 0 restores the default, the cores that this process may use.
void set_num_threads(int n);
int num_threads();

// Calls body(begin, end) for consecutive chunks of at most `grain` items of [0, n), in any order.
// The first exception thrown by a chunk (lowest begin) is rethrown after all chunks ended.
void parallel_for(std::int64_t n, std::int64_t grain, const std::function<void(std::int64_t begin, std::int64_t end)>& body);

}  // namespace guyu
