#include "alerts/dispatch/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "alerts/cap/alarm_notice.h"
#include "alerts/channels/receipt_folder.h"
#include "alerts/dispatch/routing.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using namespace std::chrono_literals;
constexpr auto kTurn = 50ms;  // longest sleep of the loop: the age that a new item of the inbox may have
}  // namespace

Dispatcher::Dispatcher(AlertFolder folder, StationConfig station, FileLock lock, Clock clock, Log log)
    : folder_(std::move(folder)), station_(std::move(station)), lock_(std::move(lock)), clock_(std::move(clock)), log_(std::move(log)),
      store_(folder_.store(), Database::Mode::write), desk_(store_, folder_, station_), receipt_folder_(folder_.receipts()) {
  started_ = last_seen_cycle_ = clock_();
  store_.db().defer_checkpoints();
  for (const ChannelConfig& c : station_.channels) {
    auto post = std::make_unique<Post>(Post{c, DeliveryQueue(c.pace), nullptr});
    post->worker = std::make_unique<ChannelWorker>([make = c.make, clock = clock_] { return make(clock); },
                                                   [this] {
                                                     const std::lock_guard guard(mutex_);
                                                     has_news_ = true;
                                                     news_.notify_all();
                                                   });
    by_name_[c.name] = post.get();
    posts_.push_back(std::move(post));
  }
  for (const Alarm& a : store_.alarms()) {
    raised_[a.name] = a.detail;
    raised_at_[a.name] = a.since;
    // A restart is no cycle: the alarm stands until one comes.
    if (a.name == "heartbeat_missed") last_seen_cycle_ = a.since - std::max(station_.heartbeat_missed, 2 * desk_.interval()) - 1s;
    untold_.push_back({a.name, a.detail, false, a.since});  // the last process may have ended before it told of it
  }
  load_open();
}

Dispatcher::~Dispatcher() {
  for (auto& post : posts_) post->worker->stop();
}

void Dispatcher::load_open() {
  for (const OutboxRow& row : store_.outbox().open()) {
    const auto post = by_name_.find(row.channel);
    if (post != by_name_.end()) post->second->queue.add(row);
  }
  for (auto& post : posts_) post->queue.clock_set_back(started_);  // it may have been, while nobody was here
}

void Dispatcher::take_receipts(std::vector<Receipt> receipts) {
  const std::lock_guard guard(mutex_);
  receipts_.insert(receipts_.end(), std::make_move_iterator(receipts.begin()), std::make_move_iterator(receipts.end()));
  has_news_ = true;
  news_.notify_all();
}

// What the desk has committed.
void Dispatcher::take_over(const OutboxChanges& changes) {
  for (const OutboxRow& row : changes.added) {
    const auto found = by_name_.find(row.channel);
    if (found != by_name_.end()) found->second->queue.add(row);
  }
  sync(changes.changed);
}

// Brings the queues to what the store says of these rows.
void Dispatcher::sync(const std::vector<std::int64_t>& rows) {
  for (const std::int64_t seq : rows) {
    const auto row = store_.outbox().at(seq);
    const auto found = row ? by_name_.find(row->channel) : by_name_.end();
    if (found == by_name_.end()) continue;
    DeliveryQueue& queue = found->second->queue;
    if (queue.in_flight(seq) && !is_final(row->state)) continue;
    queue.drop(seq);  // its state may have been set back
    if (!is_final(row->state)) queue.add(*row);
  }
}

bool Dispatcher::work_inbox(const std::atomic<bool>& stop) {
  const std::vector<std::string> names = waiting_items(folder_);
  waiting_items_ = names.size();
  bool worked = false;
  for (const std::string& name : names) {
    if (stop) break;
    const TimePoint now = clock_();
    if (name == stuck_item_ && now == stuck_at_) break;  // once a second: what a store refuses costs as much as what it takes
    try {
      const DeskAnswer answer = desk_.work(read_item(folder_, name), now);
      take_over(desk_.outbox_changes());
      answer_item(folder_, name, to_json(answer));
      if (name.find(".cycle.") != std::string::npos) last_seen_cycle_ = now;
      log_("item", {{"name", name}, {"result", answer.error.empty() ? answer.text : answer.error}});
      for (const std::string& w : answer.warnings) log_("warning", {{"name", name}, {"text", w}});
      alarm("store", false, "", now);
    } catch (const StoreError& e) {  // disk full, for one: the item stays and is tried again
      if (stuck_item_ != name) log_("store", {{"name", name}, {"error", e.what()}});
      stuck_item_ = name;
      stuck_at_ = now;
      alarm("store", true, e.what(), now);
      return worked;
    } catch (const Error& e) {
      if (!refuse(name, e.what(), now)) continue;
    }
    --waiting_items_;
    stuck_item_.clear();
    worked = true;
    collect();
    feed_channels();  // what is urgent goes out before the next item
  }
  return worked;
}

// Sets an unusable item aside. False: it cannot be moved now, and the others go on without it.
bool Dispatcher::refuse(const std::string& name, const std::string& why, TimePoint now) {
  alarm("refused_item", true, name + ": " + why, now);
  try {
    refuse_item(folder_, name, why);
  } catch (const Error& e) {
    if (stuck_item_ != name) log_("refused", {{"name", name}, {"error", e.what()}});
    stuck_item_ = name;
    if (is_waiting(folder_, name)) return false;
  }
  log_("refused", {{"name", name}, {"error", why}});
  DeskAnswer answer;
  answer.error = why;
  answer_item(folder_, name, to_json(answer));
  return true;
}

std::shared_ptr<const OutgoingMessage> Dispatcher::message(std::int64_t seq, const Post& post) {
  const bool texts = post.worker->needs_texts();
  auto stored = store_.messages().at(seq, texts ? MessageTable::Parts::all : MessageTable::Parts::no_texts);
  if (!stored) throw Error(store_.db().path(), fmt::format("message {} is gone", seq), "guyu alerts audit says what happened");
  const std::vector<std::string>& languages = post.config.route.languages;
  if (!texts || languages.empty()) return std::make_shared<const OutgoingMessage>(std::move(stored->message));
  return std::make_shared<const OutgoingMessage>(for_languages(stored->message, languages));
}

// Hands every idle channel its next batch. The attempt is counted, durably, before it is made.
bool Dispatcher::feed_channels() {
  const TimePoint now = clock_();
  bool fed = false;
  for (auto& post : posts_) {
    if (!post->worker->idle()) continue;
    const std::vector<OutboxRow> rows = post->queue.take(now, post->config.pace.batch);
    if (rows.empty()) continue;
    std::vector<Delivery> batch;
    try {
      std::map<std::int64_t, std::shared_ptr<const OutgoingMessage>> messages;
      Transaction transaction(store_.db());
      for (const OutboxRow& row : rows) {
        auto& m = messages[row.message];
        if (!m) m = message(row.message, *post);
        store_.outbox().begin_attempt(row.seq, now);
        batch.push_back({row.key, row.target, m, row.attempts > 0});
      }
      transaction.commit();
    } catch (const Error& e) {
      for (const OutboxRow& row : rows) post->queue.put_back(row.seq, now + 1s);
      alarm("store", true, e.what(), now);
      continue;
    }
    post->worker->give(std::move(batch));
    fed = true;
  }
  return fed;
}

// Keeps what the channels say. One transaction for all of it.
bool Dispatcher::collect() {
  std::vector<Receipt> receipts;
  {
    const std::lock_guard guard(mutex_);
    receipts = std::exchange(receipts_, {});
    has_news_ = false;
  }
  std::vector<std::pair<Post*, ChannelWorker::Result>> results;
  for (auto& post : posts_) {
    if (auto r = post->worker->result()) results.emplace_back(post.get(), std::move(*r));
    for (Receipt& r : post->worker->receipts()) receipts.push_back(std::move(r));
  }
  if (results.empty() && receipts.empty()) return false;
  const TimePoint now = clock_();
  for (auto& [post, result] : results) {
    std::vector<std::int64_t> changed;
    bool kept = false;
    try {
      Transaction transaction(store_.db());
      for (std::size_t i = 0; i < result.batch.size(); ++i) settle(*post, result.batch[i], result.outcomes[i], now, changed);
      transaction.commit();
      kept = true;
    } catch (const StoreError& e) {
      store_.audit().reload();
      alarm("store", true, e.what(), now);
    }
    // The queue follows what is kept. What is not was counted as an attempt before it was made, and its key makes a second one harmless.
    for (const Delivery& d : result.batch) post->queue.put_back(post->queue.number_of(d.key), now + 1s);
    if (kept) sync(changed);
  }
  if (keep_receipts(receipts)) return true;
  const std::lock_guard guard(mutex_);  // for the next turn, which need not come at once: a store that cannot be written has no use for haste
  receipts_.insert(receipts_.begin(), std::make_move_iterator(receipts.begin()), std::make_move_iterator(receipts.end()));
  return !results.empty();
}

// Writes down how one attempt ended; `changed` are the rows that the queue must take over once it is committed.
void Dispatcher::settle(Post& post, const Delivery& d, const Outcome& o, TimePoint now, std::vector<std::int64_t>& changed) {
  const std::int64_t seq = post.queue.number_of(d.key);
  const OutboxRow* row = post.queue.find(seq);
  if (!row) return;  // its receipt was faster
  const int attempts = row->attempts + 1;
  const Pace& pace = post.config.pace;
  changed.push_back(seq);
  switch (o.verdict) {
    case Verdict::accepted:
    case Verdict::delivered: {
      const bool final = o.verdict == Verdict::delivered || !post.worker->confirms();
      const TimePoint again = now + std::min<Seconds>(pace.resend_after * (1 << std::min(attempts - 1, 6)), std::chrono::hours(1));
      store_.outbox().set(seq, final ? OutboxState::delivered : OutboxState::accepted, now, again, o.detail);
      ++post.accepted;
      if (final) ++post.delivered;
      if (row->state == OutboxState::queued) repeat(post.config.route, *row, now, changed);
      break;
    }
    case Verdict::retry:
      ++post.failed;
      store_.outbox().set(seq, row->state, now, now + (o.retry_after ? *o.retry_after : retry_wait(pace, attempts, row->key)), o.detail);
      break;
    case Verdict::refused:
      ++post.refused;
      store_.outbox().bury(seq, OutboxState::refused, now, o.detail);
      store_.audit().append(now, post.config.name, "dead letter", row->key + ": " + o.detail);
      alarm("dead_letter." + post.config.name, true, row->key + ": " + o.detail, now);
      break;
  }
}

// The next time that a standing warning is to be heard on this channel.
void Dispatcher::repeat(const Route& route, const OutboxRow& row, TimePoint now, std::vector<std::int64_t>& changed) {
  const Seconds every = route.repeat_every;
  if (every <= 0s || row.msg_type == "Cancel" || is_of_system(row.hazard) || now + every >= row.expires) return;
  const auto seq =
      store_.outbox().add(repeat_key(row.key, repeat_number(row.key) + 1), row.message, row.event, row.channel, row.target, now + every, now + every);
  if (seq) changed.push_back(*seq);
}

bool Dispatcher::keep_receipts(const std::vector<Receipt>& receipts) {
  if (receipts.empty()) return true;
  const TimePoint now = clock_();
  std::vector<std::pair<Post*, std::int64_t>> done;
  try {
    Transaction transaction(store_.db());
    for (const Receipt& r : receipts) {
      const auto seq = store_.outbox().receive(r.key, r.at, r.from, r.taken, r.detail, now);
      if (!seq) continue;
      const auto row = store_.outbox().find(r.key);
      const auto found = by_name_.find(row->channel);
      if (found == by_name_.end()) continue;
      Post& post = *found->second;
      done.emplace_back(&post, *seq);
      if (!r.taken) {
        ++post.refused;
        store_.audit().append(now, r.from, "dead letter", r.key + ": " + r.detail);
        alarm("dead_letter." + post.config.name, true, r.key + ": " + r.detail, now);
        continue;
      }
      ++post.delivered;
      // Whoever has the newer message needs the older no more.
      for (const OutboxRow& older : post.queue.accepted_before(*seq)) {
        store_.outbox().set(older.seq, OutboxState::superseded, now, now, "a later message of the event was delivered");
        done.emplace_back(&post, older.seq);
      }
    }
    transaction.commit();
  } catch (const StoreError& e) {
    store_.audit().reload();
    alarm("store", true, e.what(), now);
    return false;
  }
  for (const auto& [post, seq] : done) post->queue.drop(seq);
  return true;
}

std::string Dispatcher::metrics() const {
  const std::lock_guard guard(mutex_);
  return metrics_;
}
std::string Dispatcher::alarms() const {
  const std::lock_guard guard(mutex_);
  return alarms_;
}

void Dispatcher::wait(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, most, [&] { return has_news_; });
}

// Brings the store's log into its file when nothing is under way, or when something has been for two minutes: an hour's queue is drained by then. They count
// from the first look after a commit that made it long, however long that commit took.
void Dispatcher::tidy_log(bool idle) {
  constexpr int kPages = 1000;
  const auto now = std::chrono::steady_clock::now();
  if (store_.db().log_pages() < kPages) {
    log_since_.reset();
    return;
  }
  if (!log_since_) log_since_ = now;
  if (idle || now - *log_since_ > 120s) {
    log_since_ = now;
    try {
      store_.db().checkpoint();
    } catch (const StoreError& e) {  // a full disk: the log holds all of it
      alarm("store", true, e.what(), clock_());
    }
  }
}

void Dispatcher::serve(const std::atomic<bool>& stop) {
  log_("start", {{"store", folder_.store()}, {"channels", std::to_string(posts_.size())}});
  while (!stop) {
    bool busy = collect();
    busy = work_inbox(stop) || busy;
    busy = feed_channels() || busy;
    look_after(clock_());
    tidy_log(!busy && !anything_due(clock_()));
    if (!busy) wait(kTurn);
  }
  for (auto& post : posts_) post->worker->stop();
  const auto limit = std::chrono::steady_clock::now() + 10s;
  const auto flying = [&] { return std::any_of(posts_.begin(), posts_.end(), [](const auto& p) { return p->queue.flying() > 0; }); };
  while (flying() && std::chrono::steady_clock::now() < limit)
    if (!collect()) wait(kTurn);
  log_("stop", {});
}

bool Dispatcher::anything_due(TimePoint now) const {
  return std::any_of(posts_.begin(), posts_.end(), [&](const auto& p) {
    const auto due = p->queue.next_due();
    return !p->worker->idle() || p->queue.flying() > 0 || (due && *due <= now);
  });
}

std::size_t Dispatcher::drain(std::chrono::milliseconds most) {
  const auto limit = std::chrono::steady_clock::now() + most;
  const std::atomic<bool> no_stop{false};
  work_inbox(no_stop);
  do {
    collect();
    feed_channels();
    if (!anything_due(clock_())) break;
    wait(kTurn);
  } while (std::chrono::steady_clock::now() < limit);
  collect();
  look_after(clock_());
  tidy_log(true);
  std::size_t waiting = 0;
  for (const auto& post : posts_) waiting += post->queue.size();
  return waiting;
}

}  // namespace guyu
