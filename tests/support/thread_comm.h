#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "hpc/parallel/comm.h"

namespace guyu::test {

// Ranks as threads of one process: what a test needs of MPI.
class ThreadWorld {
 public:
  explicit ThreadWorld(int size) : inboxes_(static_cast<std::size_t>(size)), heard_(static_cast<std::size_t>(size)) {}

  class Rank : public Comm {
   public:
    Rank(ThreadWorld& world, int rank) : world_(world), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(world_.inboxes_.size()); }
    void broadcast(std::string& bytes) override {
      std::unique_lock lock(world_.mutex_);
      if (rank_ == 0) {
        world_.said_.push_back(bytes);
        world_.news_.notify_all();
        return;
      }
      std::size_t& heard = world_.heard_[static_cast<std::size_t>(rank_)];
      world_.news_.wait(lock, [&] { return heard < world_.said_.size(); });
      bytes = world_.said_[heard++];
    }
    void send(int to, std::string bytes) override {
      const std::lock_guard lock(world_.mutex_);
      world_.inboxes_[static_cast<std::size_t>(to)].push_back({rank_, std::move(bytes)});
      world_.news_.notify_all();
    }
    std::optional<Message> poll() override {
      const std::lock_guard lock(world_.mutex_);
      return take();
    }
    Message receive() override {
      std::unique_lock lock(world_.mutex_);
      auto& inbox = world_.inboxes_[static_cast<std::size_t>(rank_)];
      world_.news_.wait(lock, [&] { return !inbox.empty(); });
      return *take();
    }

   private:
    std::optional<Message> take() {
      auto& inbox = world_.inboxes_[static_cast<std::size_t>(rank_)];
      if (inbox.empty()) return {};
      Message m = std::move(inbox.front());
      inbox.pop_front();
      return m;
    }
    ThreadWorld& world_;
    int rank_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<std::deque<Comm::Message>> inboxes_;
  std::vector<std::string> said_;
  std::vector<std::size_t> heard_;
};

}  // namespace guyu::test
