#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerts/dispatch/command.h"
#include "alerts/dispatch/composer.h"
#include "alerts/dispatch/desk_answer.h"
#include "alerts/dispatch/inbox.h"
#include "alerts/dispatch/region_archive.h"
#include "alerts/dispatch/station_config.h"
#include "alerts/store/alert_store.h"

namespace guyu {

// What became of an alarm.
struct AlarmWord {
  std::string name, detail;
  bool over = false;
  TimePoint since{};  // when it was raised
};

// Rows of the outbox as they were added, whole: reading 100,000 of them from the store would hold up whatever comes next. And numbers of rows that were
// changed, which may be among those. They hold once the transaction that they are of is committed.
struct OutboxChanges {
  std::vector<OutboxRow> added;
  std::vector<std::int64_t> changed;
};

// Where the writer decides: takes an item of the inbox, steps the book, makes the messages and keeps everything in one transaction. An item
// that was done before only gets its answer again.
class Desk {
 public:
  // Throws Error when the book in the store is damaged or the station's key cannot be used.
  Desk(AlertStore& store, AlertFolder folder, const StationConfig& station);

  // Does the item and commits. Throws Error, with the store and the book as they were, when it cannot be used (a damaged item, an older cycle, unknown
  // regions) or when the store cannot be written.
  DeskAnswer work(const InboxItem& item, TimePoint now);

  // Puts a notice of it into the outbox of the station's channel for alarms, where there is one and it is not about that very channel; once for each alarm
  // raised, and once for its end. Inside the caller's transaction.
  void tell_alarm(const AlarmWord& alarm, TimePoint now);

  // What became of the outbox since the last call.
  OutboxChanges outbox_changes() { return std::exchange(changes_, {}); }
  // Alarms that an operator has dismissed since the last call.
  std::vector<std::string> dismissed_alarms() { return std::exchange(dismissed_, {}); }
  // Cycle time and wall time of the newest cycle, and the time to the next as its run planned it.
  std::optional<TimePoint> last_cycle() const { return last_cycle_; }
  Seconds interval() const { return interval_; }
  const AlertBook& book() const { return book_; }

 private:
  struct Prepared {
    Decision decision;
    std::optional<OutgoingMessage> message;
    MessageState state = MessageState::approved;
    std::vector<std::int64_t> withdrawn;  // proposals that it takes the place of
  };
  DeskAnswer cycle(const InboxItem& item, TimePoint now);
  DeskAnswer command(const InboxItem& item, TimePoint now);
  DeskAnswer approve(const Command& c, const std::string& who, TimePoint now);
  DeskAnswer resend(const Command& c, const std::string& who, TimePoint now);
  DeskAnswer dismiss(const Command& c, const std::string& who, TimePoint now);
  DeskAnswer edit_proposal(const Command& c, const StoredMessage& proposal, const std::string& who, TimePoint now);

  std::string speaker(const InboxItem& item, const Command& c) const;
  StoredMessage message_named(const std::string& subject);
  std::string event_named(const std::string& subject);
  void adapt(Prepared& p);
  bool needs_review(const Decision& d) const;
  std::vector<Prepared> prepare(std::vector<Decision> decisions, DeskAnswer& answer);
  std::function<std::string(std::string_view)> sign() const;
  void keep(const std::string& item, Prepared& p, const std::string& author, TimePoint now, DeskAnswer& answer);
  bool news(const Decision& hold);
  void enqueue(std::int64_t seq, const OutgoingMessage& m, TimePoint now);
  void add_delivery(std::int64_t seq, const OutgoingMessage& m, const std::string& channel, const std::string& target, TimePoint now, TimePoint first_attempt);
  Heartbeat heartbeat(const RiskTable& risk, const RegionSet& regions, std::size_t active, TimePoint sent);
  std::string heartbeat_name(TimePoint issue);
  void recall_context();
  const Composer& composer();

  AlertStore& store_;
  AlertFolder folder_;
  const StationConfig& station_;
  RegionArchive archive_;
  std::shared_ptr<SignerPool> signer_;
  AlertBook book_;
  bool stale_ = false;               // the book has gone on and the store has not: to be read again
  std::optional<Handover> context_;  // newest, without its rows
  std::unique_ptr<Composer> composer_;
  std::string composer_for_;
  std::optional<TimePoint> last_cycle_;
  Seconds interval_{0};
  std::map<std::string, std::string> held_, holding_;  // regions that the last cycle held back, and this one does, by what for
  OutboxChanges changes_;
  std::vector<std::string> dismissed_;
};

}  // namespace guyu
