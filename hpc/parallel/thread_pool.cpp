#include "hpc/parallel/thread_pool.h"

#include <system_error>

namespace guyu {

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : threads_) t.join();
}

bool ThreadPool::run(int helpers, const std::function<void()>& work) {
  // A try_lock by the thread that already holds the mutex is undefined, so a loop inside a loop is told by thread.
  thread_local bool inside = false;
  if (inside) return false;
  const std::unique_lock turn(one_at_a_time_, std::try_to_lock);
  if (!turn) return false;
  {
    const std::lock_guard lock(mutex_);
    hire(static_cast<std::size_t>(helpers));
    work_ = &work;
    wanted_ = helpers;
  }
  wake_.notify_all();
  inside = true;
  work();
  inside = false;
  std::unique_lock lock(mutex_);
  wanted_ = 0;
  idle_.wait(lock, [this] { return working_ == 0; });
  work_ = nullptr;
  return true;
}

void ThreadPool::hire(std::size_t helpers) {
  try {
    while (threads_.size() < helpers) threads_.emplace_back([this] { help(); });
  } catch (const std::system_error&) {
    // The system grants no more threads: those there are, and the caller, do the work.
  }
}

void ThreadPool::help() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || wanted_ > 0; });
    if (stopping_) return;
    --wanted_;
    ++working_;
    const std::function<void()>& work = *work_;
    lock.unlock();
    work();
    lock.lock();
    if (--working_ == 0) idle_.notify_one();
  }
}

}  // namespace guyu
