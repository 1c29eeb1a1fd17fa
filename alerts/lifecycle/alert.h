#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/region/risk_table.h"

namespace guyu {

enum class AlertState { active, ended };

// One issued message of an event.
struct MessageRef {
  std::string identifier;
  TimePoint sent{}, expires{};
  bool operator==(const MessageRef&) const = default;
};

// A region inside an alert and why it is there.
struct AlertMember {
  std::string code;
  Interval valid;                // when the hazard is expected there
  Evidence evidence;             // of the level that stands
  Level level = Level::none;     // that stands there; above the alert's where an approver rejected more
  Level found = Level::unknown;  // what the newest risk table says of it
};

// A warned event. Identity: hazard x first group of regions x onset; it lives through all its messages.
struct Alert {
  std::string event;  // "<hazard>-<onset>-<first region>", never changes
  std::string hazard;
  TimePoint onset{};  // when the event was first warned of
  Level level = Level::none;
  AlertState state = AlertState::active;
  TimePoint expires{};               // of the newest message
  std::vector<AlertMember> members;  // sorted by code
  std::vector<MessageRef> messages;  // every message of the event, and of events merged into it, oldest first
};

enum class Action {
  issue,      // message: Alert
  update,     // message: Update
  cancel,     // message: Cancel
  expire,     // no message: the last one has run out
  supersede,  // no message: another event's Update took the regions over
  withdraw,   // no message: it was only ever proposed, and an approver rejected it
  hold,       // no message and no event: a level stands and is held back
  keep,       // no message: nothing that receivers need to know
};
std::string_view to_string(Action action);

// Named reasons of decisions.
namespace reasons {
inline constexpr std::string_view onset = "onset";                       // issue: the level is new here
inline constexpr std::string_view split = "split";                       // issue: parted from another event
inline constexpr std::string_view escalation = "escalation";             // update
inline constexpr std::string_view downgrade = "downgrade_after_hold";    // update
inline constexpr std::string_view merge = "merge";                       // update, supersede
inline constexpr std::string_view area = "area_change";                  // update
inline constexpr std::string_view extension = "extension";               // update
inline constexpr std::string_view gap_extension = "extension_data_gap";  // update: Unknown keeps the warning alive
inline constexpr std::string_view hold_extension = "extension_hold";     // update: the hold time is still running
inline constexpr std::string_view all_clear = "all_clear_after_hold";    // cancel
inline constexpr std::string_view expired = "expired";                   // expire
inline constexpr std::string_view expired_gap = "expired_without_data";  // expire: Unknown until the limit
inline constexpr std::string_view cancelled = "cancelled_by_operator";   // cancel
inline constexpr std::string_view edited = "edited_by_operator";         // update
inline constexpr std::string_view rejected = "rejected_by_approver";     // withdraw; update (issue, if all have run out) where a lower level is out
inline constexpr std::string_view muted = "muted";                       // hold: an operator ended it at this level
inline constexpr std::string_view inhibited = "inhibited";               // hold: other hazards speak for the region
inline constexpr std::string_view unchanged = "unchanged";               // keep
inline constexpr std::string_view data_gap = "unknown_keeps_level";      // keep
inline constexpr std::string_view holding = "hold_running";              // keep
}  // namespace reasons

// What the book decided about one event in one step. `alert` is the event after the decision (for cancel, expire,
// supersede and withdraw: as it last stood, with the evidence that ended it; for hold: the regions held back, under no
// event's name).
struct Decision {
  Action action = Action::keep;
  std::string reason;  // one of reasons::
  std::string detail;  // one line for people
  std::string who;     // an operator's name; empty: the book's own rules
  Alert alert;
  Level previous_level = Level::none;
  std::vector<std::string> added, removed;  // region codes, sorted
  std::string identifier;                   // empty when there is no message
  TimePoint sent{};
  std::vector<MessageRef> references;   // the unexpired earlier messages that this one replaces
  std::vector<std::string> inhibitors;  // hold: every hazard that inhibits, sorted
  bool has_message() const { return !identifier.empty(); }
};

}  // namespace guyu
