#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "alerts/lifecycle/alert.h"
#include "alerts/store/audit_log.h"
#include "alerts/store/book_table.h"
#include "alerts/store/message_table.h"
#include "alerts/store/outbox.h"
#include "alerts/store/sqlite.h"

namespace guyu {

// An event as it stands.
struct StoredEvent {
  std::string event, hazard, state;
  Level level = Level::none;
  TimePoint onset{}, expires{}, updated{};
  std::vector<std::string> regions;
};

// A decision as it was made. `members`: JSON list of {code, level, valid, evidence}.
struct StoredDecision {
  std::int64_t seq = 0;
  std::string item, event, action, reason, detail, identifier, members;
  TimePoint at{};
  Level level = Level::none, previous = Level::none;
};

struct StoredCycle {
  std::string item, evidence;  // what the handover said, as JSON
  TimePoint issue{}, done_at{};
};

struct Alarm {
  std::string name, detail;
  TimePoint since{};
};

// The alert store: one SQLite file. One process writes (it holds the folder's lock, see dispatch/writer_lock); readers may look at
// any time. What belongs together is written in one Transaction of db().
class AlertStore {
 public:
  // write: makes and migrates the file. read: the file must be there. Throws Error. `vfs`: SQLite's file system, for tests.
  AlertStore(const std::string& path, Database::Mode mode, const char* vfs = nullptr);

  Database& db() { return db_; }
  AuditLog& audit() { return audit_; }
  AuditHead audit_head() const { return audit_.head(); }
  MessageTable& messages() { return messages_; }
  Outbox& outbox() { return outbox_; }
  BookTable& book() { return book_; }

  std::optional<std::string> answer(const std::string& item);  // of an item that was done before
  void finish_item(const std::string& item, const std::string& kind, TimePoint at, const std::string& answer);

  void add_cycle(const std::string& item, TimePoint issue, TimePoint at, const std::string& evidence);
  std::optional<StoredCycle> cycle(const std::string& item);
  std::optional<StoredCycle> newest_cycle();

  void set_event(const Alert& alert, AlertState state, TimePoint at);
  void add_decision(const std::string& item, const Decision& decision, TimePoint at, const std::string& actor);
  std::vector<StoredEvent> events(bool with_ended);  // severest first
  std::optional<StoredEvent> event(const std::string& name);
  std::vector<StoredDecision> decisions(const std::string& event);
  std::vector<StoredDecision> last_decisions(const std::string& item, std::size_t most);  // of an item, in the order in which they were made

  // True when the alarm was not raised before.
  bool raise(const std::string& alarm, const std::string& detail, TimePoint at);
  bool clear(const std::string& alarm, TimePoint at);
  std::vector<Alarm> alarms();

  // Forgets what ended before `before`: messages with their deliveries and receipts (at most so many; returned: how many), decisions, cycles; and answers to
  // items that are older than that or 30 days, but for the newest cycle's. The audit keeps its rows, and says what went.
  std::int64_t forget(TimePoint before, TimePoint now, std::int64_t most_messages = std::numeric_limits<std::int64_t>::max());

 private:
  Database db_;
  AuditLog audit_;
  MessageTable messages_;
  Outbox outbox_;
  BookTable book_;
};

// Copies a store, while it is in use, into a new file, and checks the copy. Throws Error.
void backup_store(const std::string& path, const std::string& copy);

}  // namespace guyu
