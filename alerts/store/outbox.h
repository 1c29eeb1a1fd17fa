#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/store/audit_log.h"
#include "alerts/store/sqlite.h"
#include "engine/region/risk_table.h"

namespace guyu {

enum class OutboxState {
  queued,      // not taken by anyone yet
  accepted,    // the next station took it; on channels with receipts it is sent again until the receipt comes
  delivered,   // a receipt came, or the channel is its own proof
  refused,     // never will be taken: a dead letter
  expired,     // its message ran out first
  superseded,  // a later message of the event made it pointless
};
std::string_view to_string(OutboxState state);
OutboxState outbox_state(std::string_view name);
inline bool is_final(OutboxState s) { return s != OutboxState::queued && s != OutboxState::accepted; }

// One message on its way to one target.
struct OutboxRow {
  std::int64_t seq = 0;
  std::string key;  // identifier|revision|channel|target
  std::int64_t message = 0;
  std::string event, channel, target;
  OutboxState state = OutboxState::queued;
  int attempts = 0;  // counted before each attempt, so 0 means surely never sent
  TimePoint queued_at{}, next_attempt{}, changed_at{};
  std::string detail;
  // Of its message.
  Level level = Level::none;
  std::string msg_type, hazard;
  TimePoint sent{}, expires{};
  std::optional<TimePoint> dead_since;  // a dead letter that nobody has seen to
};

struct OutboxCount {
  std::string channel;
  OutboxState state = OutboxState::queued;
  std::int64_t rows = 0;
};

// The rows that bring messages out. All calls run inside the caller's transaction.
class Outbox {
 public:
  Outbox(Database& db, AuditLog& audit) : db_(db), audit_(audit) {}
  // A key that is already there is left alone; returns nullopt then.
  std::optional<std::int64_t> add(const std::string& key, std::int64_t message, const std::string& event, const std::string& channel, const std::string& target,
                                  TimePoint now, TimePoint first_attempt);
  void begin_attempt(std::int64_t seq, TimePoint now);
  // A delivery that is made after all, or made pointless, is no dead letter any more.
  void set(std::int64_t seq, OutboxState state, TimePoint now, TimePoint next_attempt, const std::string& detail);
  // Ends the delivery as a dead letter: `state` is refused or expired.
  void bury(std::int64_t seq, OutboxState state, TimePoint now, const std::string& detail);
  // An operator has seen to it.
  void dismiss(std::int64_t seq);
  // Keeps the receipt and brings its row to delivered or refused. Returns the row's number; nullopt for an unknown key or a receipt
  // that is already there.
  std::optional<std::int64_t> receive(const std::string& key, TimePoint at, const std::string& from, bool taken, const std::string& detail, TimePoint now);

  std::vector<OutboxRow> open();  // queued and accepted, oldest first
  std::vector<OutboxRow> of_message(std::int64_t message);
  // What went, or goes, to one target of one event; oldest first. open_in_lane: only what is queued or accepted, whatever has gone before.
  std::vector<OutboxRow> of_lane(const std::string& event, const std::string& channel, const std::string& target);
  std::vector<OutboxRow> open_in_lane(const std::string& event, const std::string& channel, const std::string& target);
  std::optional<OutboxRow> at(std::int64_t seq);
  std::optional<OutboxRow> find(const std::string& key);
  std::vector<OutboxCount> counts();
  std::vector<OutboxRow> dead();  // oldest first
  std::optional<OutboxRow> newest_dead(const std::string& channel);

 private:
  Database& db_;
  AuditLog& audit_;
};

std::string delivery_key(const std::string& identifier, int revision, const std::string& channel, const std::string& target);
// The key of the n-th time that a standing warning is sent anew, and whether a key is one.
std::string repeat_key(const std::string& key, int n);
bool is_repeat(const std::string& key);
int repeat_number(const std::string& key);  // 0: none

}  // namespace guyu
