#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace guyu {

// Threads that sleep until there is work. The caller takes part and waits only for helpers that have begun, so a helper that
// the system wakes late costs nothing; nobody spins, which matters where several processes share the cores.
class ThreadPool {
 public:
  ThreadPool() = default;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  // Runs `work` on the caller and on up to `helpers` other threads at a time, and returns when all that began have ended; it
  // must share out its items by itself and must not throw. False, and nothing done, when the pool is busy, also with a loop
  // that this call is part of.
  bool run(int helpers, const std::function<void()>& work);

 private:
  void hire(std::size_t helpers);
  void help();

  std::mutex one_at_a_time_;  // held by run()
  std::mutex mutex_;          // guards all below
  std::condition_variable wake_, idle_;
  std::vector<std::thread> threads_;
  const std::function<void()>* work_ = nullptr;
  int wanted_ = 0;   // helpers that may still join
  int working_ = 0;  // helpers inside work
  bool stopping_ = false;
};

}  // namespace guyu
