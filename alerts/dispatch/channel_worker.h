#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "alerts/channels/channel.h"

namespace guyu {

// One channel on a thread of its own: a stuck one holds nobody else up. It makes its channel itself and makes it again later when that
// failed (a key file that is not there yet, a name that does not resolve).
class ChannelWorker {
 public:
  struct Result {
    std::vector<Delivery> batch;
    std::vector<Outcome> outcomes;  // one each
  };
  // `wake` is called from the thread when something has come.
  ChannelWorker(std::function<std::unique_ptr<Channel>()> make, std::function<void()> wake);
  ~ChannelWorker();  // waits for the batch in hand
  ChannelWorker(const ChannelWorker&) = delete;
  ChannelWorker& operator=(const ChannelWorker&) = delete;

  bool idle() const;  // no batch in hand and no result to fetch
  void give(std::vector<Delivery> batch);
  std::optional<Result> result();
  std::vector<Receipt> receipts();
  std::string problem() const;  // why the channel could not be made; empty: it is there
  bool confirms() const;
  bool needs_texts() const;  // true as long as there is no channel to ask
  void stop();               // no further batch; returns at once

 private:
  void work();
  Result deliver(std::vector<Delivery> batch);
  bool ready();

  std::function<std::unique_ptr<Channel>()> make_;
  std::function<void()> wake_;
  std::unique_ptr<Channel> channel_;  // the thread's own
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Delivery> batch_;
  std::optional<Result> result_;
  std::vector<Receipt> receipts_;
  std::string problem_;
  bool busy_ = false, stop_ = false, confirms_ = false, needs_texts_ = true;
  std::thread thread_;
};

}  // namespace guyu
