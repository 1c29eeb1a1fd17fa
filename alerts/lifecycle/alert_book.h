#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/lifecycle/alert.h"
#include "alerts/lifecycle/book_settings.h"
#include "alerts/lifecycle/book_state.h"
#include "engine/region/region_set.h"

namespace guyu {

struct RegionIndex;

// What receivers know of an event from messages that were approved.
struct Told {
  Level level = Level::none;          // of its regions; none: nobody was told
  std::vector<std::string> messages;  // identifiers
};

// The life of every warning as a pure state machine: no clock, no file, no network. Per region and hazard a
// level stands: it rises at once; it falls to the highest level seen during an unbroken hold time of known lower
// answers; Unknown never lowers it and restarts the hold. Standing regions are grouped, groups inherit the event they
// share most regions with, and only what receivers must know becomes a message. Regions that an operator muted, or
// for which another hazard speaks (HazardPolicy::inhibits), stand but are held back.
//
// The clock is the caller's. It may leap ahead: what ran out meanwhile expires, and levels that still stand begin anew.
// Set back by at most clock_tolerance the book's time stands still; identifiers and events' names stay unique through both.
class AlertBook {
 public:
  // Throws Error when hazards inhibit each other in a ring.
  explicit AlertBook(BookSettings settings = {});
  AlertBook(BookSettings settings, BookState state);

  // Decisions in the order to send them: severest first. Exactly one per event touched, and one for each kind of
  // regions held back. Throws Error when `now` lies further before the last step than the tolerance or a row names a
  // region that is not there; the book is then unchanged. O(regions log regions).
  // `most_kept`: of the events that are kept as they are only the first so many get their decision; kept() counts all.
  std::vector<Decision> step(const RiskTable& table, const RegionSet& regions, TimePoint now, std::size_t most_kept = static_cast<std::size_t>(-1));
  std::size_t kept() const { return kept_; }  // in the last step

  // What operators do. Each throws Error, and changes nothing, when no such event is active or its last message has run out.
  //
  // Cancels an event and mutes its regions at its level and below.
  Decision cancel(const std::string& event, const std::string& who, const std::string& why, TimePoint now);
  // An Update with the same regions and level: its text was changed.
  Decision edit(const std::string& event, const std::string& who, TimePoint now);
  // The proposal of the event at `level` was rejected. Its regions are muted at it and below. Where nobody was told of
  // the event it ends without a message; else it goes on, by an Update, at the lower level that receivers know. Nothing is
  // muted and the event is kept where it has risen above `level` since, or where receivers know its level or a severer one (a
  // rejected extension, area change or downgrade): what is out then runs out by itself.
  Decision reject(const std::string& event, Level level, const std::string& who, const std::string& why, TimePoint now, const Told& told = {});

  const std::vector<Alert>& active() const { return state_.alerts; }
  std::optional<TimePoint> last_step() const { return state_.last_step; }
  const BookSettings& settings() const { return settings_; }
  const BookState& state() const { return state_; }
  // Gives the state away, for a book with other settings.
  BookState take_state() && { return std::move(state_); }

  std::string to_json() const { return guyu::to_json(state_); }
  // State from to_json(); throws Error naming `place` when the text is damaged or of another version.
  static AlertBook from_json(const std::string& text, BookSettings settings, const std::string& place);

 private:
  TimePoint admitted(TimePoint now) const;
  std::vector<Alert>::iterator find_open(const std::string& event, TimePoint now);
  void mute(const Alert& alert, Level up_to, Level held_at);

  BookSettings settings_;
  std::map<std::string, int> ranks_;
  BookState state_;
  std::shared_ptr<const RegionIndex> index_;  // cache, not state
  std::size_t kept_ = 0;
};

}  // namespace guyu
