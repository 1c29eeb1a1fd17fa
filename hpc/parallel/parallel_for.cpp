#include "hpc/parallel/parallel_for.h"

#include <omp.h>

#include <algorithm>
#include <exception>
#include <mutex>

namespace guyu {
namespace {
int& requested_threads() {
  static int n = 0;  // 0 = the machine's default
  return n;
}
}  // namespace

void set_num_threads(int n) { requested_threads() = std::max(n, 0); }

int num_threads() { return requested_threads() > 0 ? requested_threads() : omp_get_max_threads(); }

void parallel_for(std::int64_t n, std::int64_t grain,
                  const std::function<void(std::int64_t, std::int64_t)>& body) {
  if (n <= 0) return;
  grain = std::max<std::int64_t>(grain, 1);
  const std::int64_t chunks = (n + grain - 1) / grain;
  const int threads = static_cast<int>(std::min<std::int64_t>(num_threads(), chunks));
  if (threads <= 1) {
    for (std::int64_t c = 0; c < chunks; ++c) body(c * grain, std::min(n, (c + 1) * grain));
    return;
  }
  std::mutex mutex;
  std::exception_ptr error;
  std::int64_t error_chunk = chunks;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::int64_t c = 0; c < chunks; ++c) {
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
  if (error) std::rethrow_exception(error);
}

}  // namespace guyu
