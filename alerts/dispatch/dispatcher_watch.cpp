// The dispatcher's second half: what watches over things that do not happen by themselves.
#include "alerts/cap/alarm_notice.h"
#include "alerts/dispatch/dispatcher.h"
#include "alerts/dispatch/metrics_text.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using namespace std::chrono_literals;
constexpr Seconds kPurge = std::chrono::hours(6);
constexpr std::int64_t kForgottenAtOnce = 500;
constexpr const char* kRanOut = "its message ran out before it could be sent";
}  // namespace

void Dispatcher::alarm(const std::string& name, bool on, const std::string& detail, TimePoint now) {
  const bool was = raised_.count(name) > 0;
  if (on == was) return;
  const TimePoint since = on ? now : raised_at_[name];
  if (on) raised_[name] = detail, raised_at_[name] = now;
  else raised_.erase(name), raised_at_.erase(name);
  log_(on ? "alarm" : "alarm over", {{"name", name}, {"detail", detail}});
  try {
    if (on) store_.raise(name, detail, now);
    else store_.clear(name, now);
  } catch (const StoreError&) {  // it stands in memory, the log and the metrics
    store_.audit().reload();
  }
  untold_.push_back({name, detail, !on, since});
}

// Notices of alarms take the way of all messages, in a transaction of their own: alarms are raised inside others.
void Dispatcher::tell_alarms(TimePoint now) {
  if (untold_.empty()) return;
  try {
    Transaction transaction(store_.db());
    for (const AlarmWord& word : untold_) {
      try {
        desk_.tell_alarm(word, now);
      } catch (const StoreError&) {
        throw;
      } catch (const Error& e) {
        log_("alarm untold", {{"name", word.name}, {"error", e.what()}});
      }
    }
    transaction.commit();
  } catch (const StoreError&) {  // told when there is room again; the alarm itself stands in the log
    store_.audit().reload();
    desk_.outbox_changes();
    return;
  }
  untold_.clear();
  take_over(desk_.outbox_changes());
}

// Once a second: what has run out, what waits too long, what did not come.
void Dispatcher::look_after(TimePoint now) {
  if (now == last_look_) return;
  if (now < last_look_) {
    for (auto& post : posts_) post->queue.clock_set_back(now);
    last_seen_cycle_ = std::min(last_seen_cycle_, now);
    last_purge_ = std::min(last_purge_, now);
  }
  last_look_ = now;
  for (auto& post : posts_) {
    const std::vector<OutboxRow> ended = post->queue.run_out(now);
    if (!ended.empty()) {
      try {
        Transaction transaction(store_.db());
        for (const OutboxRow& row : ended) {
          if (row.state == OutboxState::accepted) {
            store_.outbox().set(row.seq, OutboxState::expired, now, now, "no receipt came");
          } else if (row.hazard == kHeartbeatHazard || is_repeat(row.key)) {
            store_.outbox().set(row.seq, OutboxState::expired, now, now, kRanOut);
          } else {
            store_.outbox().bury(row.seq, OutboxState::expired, now, kRanOut);
            store_.audit().append(now, row.channel, "dead letter", row.key + ": expired");
            alarm("dead_letter." + row.channel, true, row.key + ": " + kRanOut, now);
          }
        }
        transaction.commit();
        for (const OutboxRow& row : ended) post->queue.drop(row.seq);
      } catch (const StoreError& e) {
        store_.audit().reload();
        alarm("store", true, e.what(), now);
      }
    }
    const auto oldest = post->queue.oldest_queued();
    const bool late = oldest && now - *oldest > station_.undelivered_alarm;
    alarm("undelivered." + post->config.name, late, late ? "a delivery has waited since " + to_iso(*oldest) : "", now);
    const std::string problem = post->worker->problem();
    alarm("channel." + post->config.name, !problem.empty(), problem, now);
  }
  look_after_proposals(now);
  look_after_deeds(now);
  const bool silent = station_.heartbeat_missed > 0s && now - last_seen_cycle_ > std::max(station_.heartbeat_missed, 2 * desk_.interval());
  alarm("heartbeat_missed", silent, silent ? "no cycle since " + to_iso(last_seen_cycle_) : "", now);
  try {
    if (keep_receipts(receipt_folder_.read(now))) receipt_folder_.remove_read();
    for (const std::string& p : receipt_folder_.problems()) log_("receipt", {{"error", p}});
    if (now - last_purge_ > kPurge) purge(now);
  } catch (const Error& e) {
    store_.audit().reload();
    log_("housekeeping", {{"error", e.what()}});
  }
  tell_alarms(now);
  publish_metrics(now);
}

// Forgets what is old, a little at a time: a new red warning does not wait for it. What is old goes by the newest cycle too, so that a clock that leaps ahead
// does not take the past along.
void Dispatcher::purge(TimePoint now) {
  drop_old_answers(folder_, std::chrono::hours(24));
  const auto newest = desk_.last_cycle();
  if (newest) {
    Transaction transaction(store_.db());
    const std::int64_t gone = store_.forget(std::min(now, *newest + std::chrono::hours(24)) - station_.keep, now, kForgottenAtOnce);
    transaction.commit();
    if (gone == kForgottenAtOnce) return;  // there is more
  }
  last_purge_ = now;
}

// Alarms about what has happened stand until somebody has seen to it.
void Dispatcher::look_after_deeds(TimePoint now) {
  constexpr std::string_view kDead = "dead_letter.";
  for (const std::string& name : desk_.dismissed_alarms()) alarm(name, false, "", now);
  std::vector<std::string> over;
  for (const auto& [name, detail] : raised_) {
    try {
      const bool seen_to = name.starts_with(kDead) ? !store_.outbox().newest_dead(name.substr(kDead.size())) : name == "refused_item" && !any_refused(folder_);
      if (seen_to) over.push_back(name);
    } catch (const StoreError& e) {  // looked at again the next time
      log_("housekeeping", {{"error", e.what()}});
    }
  }
  for (const std::string& name : over) alarm(name, false, "", now);
}

// What nobody has approved: an alarm while it waits, withdrawn when it has run out.
void Dispatcher::look_after_proposals(TimePoint now) {
  std::string waiting;
  try {
    for (const StoredMessage& m : store_.messages().in_state(MessageState::proposed)) {
      if (m.message.expires <= now) {
        Transaction transaction(store_.db());
        store_.messages().set_state(m.seq, MessageState::withdrawn, "dispatch", now, "it ran out before anyone approved it");
        transaction.commit();
        alarm("unapproved_expired", true, m.message.identifier + " ran out before anyone approved it", now);
      } else if (waiting.empty() && now - m.message.sent > station_.undelivered_alarm) {
        waiting = m.message.identifier + " waits for approval since " + to_iso(m.message.sent);
      }
    }
  } catch (const StoreError& e) {
    store_.audit().reload();
    alarm("store", true, e.what(), now);
  }
  alarm("unapproved", !waiting.empty(), waiting, now);
}

void Dispatcher::publish_metrics(TimePoint now) {
  MetricsInput m;
  m.started = started_;
  m.now = now;
  m.last_cycle = last_seen_cycle_;
  m.inbox = waiting_items_;
  m.alarms = {raised_.begin(), raised_.end()};
  for (const auto& post : posts_) {
    const auto oldest = post->queue.oldest_queued();
    m.channels.push_back(
        {post->config.name, post->queue.size(), oldest && *oldest < now ? now - *oldest : 0s, post->accepted, post->delivered, post->failed, post->refused});
  }
  std::string text = metrics_text(m), alarms;
  for (const auto& [name, detail] : raised_) alarms += name + ": " + detail + "\n";
  const std::lock_guard guard(mutex_);
  metrics_ = std::move(text);
  alarms_ = std::move(alarms);
}

}  // namespace guyu
