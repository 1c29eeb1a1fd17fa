#include "hpc/parallel/parallel_for.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>

#include "hpc/parallel/thread_pool.h"

namespace guyu {
namespace {

std::atomic<int>& requested_threads() {
  static std::atomic<int> n = 0;  // 0 = the machine's default
  return n;
}

// Cores that this process may use: batch systems and containers often grant fewer than there are.
int granted_cores() {
  cpu_set_t set;
  const int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : static_cast<int>(std::thread::hardware_concurrency());
  return std::max(n, 1);
}

ThreadPool& pool() {
  static ThreadPool p;
  return p;
}

}  // namespace

void set_num_threads(int n) { requested_threads() = std::max(n, 0); }

int num_threads() {
  static const int cores = granted_cores();
  const int n = requested_threads();
  return n > 0 ? n : cores;
}

void parallel_for(std::int64_t n, std::int64_t grain, const std::function<void(std::int64_t, std::int64_t)>& body) {
  if (n <= 0) return;
  grain = std::max<std::int64_t>(grain, 1);
  const std::int64_t chunks = (n + grain - 1) / grain;
  std::atomic<std::int64_t> next = 0;
  std::mutex mutex;
  std::exception_ptr error;
  std::int64_t error_chunk = chunks;
  const std::function<void()> work = [&] {
    for (std::int64_t c = next++; c < chunks; c = next++) {
      try {
        body(c * grain, std::min(n, (c + 1) * grain));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (c < error_chunk) {
          error_chunk = c;
          error = std::current_exception();
        }
      }
    }
  };
  const int helpers = static_cast<int>(std::min<std::int64_t>(num_threads(), chunks)) - 1;
  if (helpers < 1 || !pool().run(helpers, work)) work();
  if (error) std::rethrow_exception(error);
}

}  // namespace guyu
