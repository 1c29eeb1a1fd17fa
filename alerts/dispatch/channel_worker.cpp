#include "alerts/dispatch/channel_worker.h"

#include <utility>

#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr auto kListen = std::chrono::milliseconds(20);  // between looks for receipts
}

ChannelWorker::ChannelWorker(std::function<std::unique_ptr<Channel>()> make, std::function<void()> wake)
    : make_(std::move(make)), wake_(std::move(wake)), thread_([this] { work(); }) {}

ChannelWorker::~ChannelWorker() {
  stop();
  thread_.join();
}

void ChannelWorker::stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

bool ChannelWorker::idle() const {
  const std::lock_guard lock(mutex_);
  return !busy_ && !result_;
}
std::string ChannelWorker::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}
bool ChannelWorker::confirms() const {
  const std::lock_guard lock(mutex_);
  return confirms_;
}
bool ChannelWorker::needs_texts() const {
  const std::lock_guard lock(mutex_);
  return needs_texts_;
}

void ChannelWorker::give(std::vector<Delivery> batch) {
  const std::lock_guard lock(mutex_);
  batch_ = std::move(batch);
  busy_ = true;
  changed_.notify_all();
}

std::optional<ChannelWorker::Result> ChannelWorker::result() {
  const std::lock_guard lock(mutex_);
  return std::exchange(result_, std::nullopt);
}
std::vector<Receipt> ChannelWorker::receipts() {
  const std::lock_guard lock(mutex_);
  return std::exchange(receipts_, {});
}

// Makes the channel where there is none; says whether there is one.
bool ChannelWorker::ready() {
  if (channel_) return true;
  std::string problem;
  try {
    channel_ = make_();
  } catch (const std::exception& e) {
    problem = e.what();
  }
  const std::lock_guard lock(mutex_);
  problem_ = problem;
  confirms_ = channel_ && channel_->confirms();
  needs_texts_ = !channel_ || channel_->needs_texts();
  return channel_ != nullptr;
}

ChannelWorker::Result ChannelWorker::deliver(std::vector<Delivery> batch) {
  Result r{std::move(batch), {}};
  if (!ready()) {
    r.outcomes.assign(r.batch.size(), Outcome{Verdict::retry, problem(), {}});
    return r;
  }
  try {
    r.outcomes = channel_->deliver(r.batch);
    r.outcomes.resize(r.batch.size(), Outcome{Verdict::retry, "no answer", {}});
  } catch (const std::exception& e) {  // a channel's own fault; a new one may do better
    r.outcomes.assign(r.batch.size(), Outcome{Verdict::retry, e.what(), {}});
    channel_.reset();
  }
  return r;
}

void ChannelWorker::work() {
  ready();
  for (;;) {
    std::vector<Delivery> batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kListen, [&] { return stop_ || busy_; });
      if (stop_) return;
      if (busy_ && !result_) batch = std::exchange(batch_, {});
    }
    bool news = false;
    if (!batch.empty()) {
      Result r = deliver(std::move(batch));
      const std::lock_guard lock(mutex_);
      result_ = std::move(r);
      busy_ = false;
      news = true;
    }
    if (channel_) {
      std::vector<Receipt> came;
      try {
        came = channel_->receipts();
      } catch (const std::exception&) {
        channel_.reset();
      }
      if (!came.empty()) {
        const std::lock_guard lock(mutex_);
        receipts_.insert(receipts_.end(), std::make_move_iterator(came.begin()), std::make_move_iterator(came.end()));
        news = true;
      }
    }
    if (news) wake_();
  }
}

}  // namespace guyu
