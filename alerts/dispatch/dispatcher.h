#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "alerts/channels/receipt_folder.h"
#include "alerts/dispatch/channel_worker.h"
#include "alerts/dispatch/delivery_queue.h"
#include "alerts/dispatch/desk.h"
#include "engine/core/file_lock.h"

namespace guyu {

// The one writer: works the inbox off, brings messages out by the channels' threads, keeps what they say, watches over what does not
// happen. All of its own work is done by the thread that calls it.
class Dispatcher {
 public:
  using Clock = std::function<TimePoint()>;
  using Log = std::function<void(const std::string& event, const std::vector<std::pair<std::string, std::string>>& fields)>;

  // The caller holds the lock of the folder. Throws Error when the store or the station cannot be used.
  Dispatcher(AlertFolder folder, StationConfig station, FileLock lock, Clock clock, Log log);
  ~Dispatcher();

  // Until `stop`: batches in hand are ended and kept before it returns.
  void serve(const std::atomic<bool>& stop);
  // Works the inbox off and tries what is due, until nothing is due any more or `most` has passed. Returns the deliveries that still wait.
  std::size_t drain(std::chrono::milliseconds most);

  // Receipts from elsewhere (HTTP). From any thread.
  void take_receipts(std::vector<Receipt> receipts);

  AlertStore& store() { return store_; }
  std::string metrics() const;  // Prometheus text; from any thread
  std::string alarms() const;   // one line each, empty when there is none; from any thread

 private:
  struct Post {
    ChannelConfig config;
    DeliveryQueue queue;
    std::unique_ptr<ChannelWorker> worker;
    std::int64_t accepted = 0, delivered = 0, failed = 0, refused = 0;  // since the start
  };

  // What waits in the inbox, until `stop`. True when something was done.
  bool work_inbox(const std::atomic<bool>& stop);
  bool refuse(const std::string& name, const std::string& why, TimePoint now);
  void take_over(const OutboxChanges& changes);
  void sync(const std::vector<std::int64_t>& rows);
  void load_open();
  bool feed_channels();
  bool collect();
  void settle(Post& post, const Delivery& d, const Outcome& o, TimePoint now, std::vector<std::int64_t>& changed);
  void repeat(const Route& route, const OutboxRow& row, TimePoint now, std::vector<std::int64_t>& changed);
  bool keep_receipts(const std::vector<Receipt>& receipts);
  void look_after(TimePoint now);
  void look_after_proposals(TimePoint now);
  void look_after_deeds(TimePoint now);
  void purge(TimePoint now);
  void alarm(const std::string& name, bool on, const std::string& detail, TimePoint now);
  void tell_alarms(TimePoint now);
  void publish_metrics(TimePoint now);
  void tidy_log(bool idle);
  void wait(std::chrono::milliseconds most);
  bool anything_due(TimePoint now) const;
  std::shared_ptr<const OutgoingMessage> message(std::int64_t seq, const Post& post);

  AlertFolder folder_;
  StationConfig station_;
  FileLock lock_;
  Clock clock_;
  Log log_;
  AlertStore store_;
  Desk desk_;
  ReceiptFolder receipt_folder_;
  std::vector<std::unique_ptr<Post>> posts_;
  std::map<std::string, Post*> by_name_;
  std::map<std::string, std::string> raised_;  // alarms, also those that the store could not keep
  std::map<std::string, TimePoint> raised_at_;
  std::vector<AlarmWord> untold_;  // of which no notice is in the outbox yet
  TimePoint started_{}, last_look_{}, last_seen_cycle_{}, last_purge_{};
  std::string stuck_item_;                                          // whose work the store refused
  TimePoint stuck_at_{};                                            // the last time
  std::optional<std::chrono::steady_clock::time_point> log_since_;  // when the store's log was first seen to be long
  std::size_t waiting_items_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable news_;
  bool has_news_ = false;
  std::vector<Receipt> receipts_;
  std::string metrics_, alarms_;
};

}  // namespace guyu
