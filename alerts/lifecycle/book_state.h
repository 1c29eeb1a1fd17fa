#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerts/lifecycle/alert.h"
#include "alerts/lifecycle/book_settings.h"

namespace guyu {

// Memory of one region and hazard; only where a level stands.
struct Track {
  Level level = Level::none;
  Interval valid;
  Evidence evidence;  // of the standing level
  TimePoint last_known{};
  std::optional<TimePoint> lower_since;  // start of the unbroken run of lower answers
  Level lower_peak = Level::none;        // the highest of them; none without a run
};

// An operator ended the warning of one region and hazard. Until the region is known clear for the hold time, or rises
// above `up_to`, it is warned of at `held_at` at most. Unknown ends no mute and counts as nothing.
struct Mute {
  Level up_to = Level::none;
  Level held_at = Level::none;           // none: not at all
  std::optional<TimePoint> clear_since;  // start of the unbroken run of None
};

struct HazardState {
  std::map<std::string, Track> tracks;  // by region code
  std::map<std::string, Mute> mutes;
};

// Everything that an AlertBook remembers.
struct BookState {
  std::map<std::string, HazardState> hazards;
  std::vector<Alert> alerts;           // active, oldest first
  std::optional<TimePoint> last_step;  // the book's clock: of the last step or operator's action
  int calls = 0;                       // steps and actions at exactly that time
  TimePoint sequence_time{};           // of the newest identifier
  int sequence = 0;
};

// Sets the clock forward. Names made after it differ from all made before.
void advance(BookState& state, TimePoint now);
// "<hazard>-<time>-<first region>", and "-<n>" for the n-th call at one and the same time.
std::string event_name(const BookState& state, const std::string& hazard, const std::string& first_region);
std::vector<MessageRef> open_messages(const Alert& alert, TimePoint now);  // unexpired
// Gives the decision the next identifier, and its alert the message.
void send(Decision& decision, BookState& state, const BookSettings& settings);

std::string to_json(const BookState& state);
// Throws Error naming `place` when the text is damaged or of another version.
BookState book_state_from_json(const std::string& text, const std::string& place);

// The same in parts, so that a step that changes little writes little: tracks and mutes lie in the part of their region's code, alerts in the part of
// their event's name, and the head has the rest. A cycle with full tables changes all tracks and few alerts, so these have parts of their own, after those
// of the tracks. (Until version 3 of the store both lay in the parts of the tracks.) Every text is of the form that to_json() has.
inline constexpr std::size_t kTrackParts = 512, kBookParts = 2 * kTrackParts;

// One number per part, from everything that its text says: a part whose number is the same need not be written again. O(tracks + alerts), without
// making any text.
std::vector<std::uint64_t> part_digests(const BookState& state);
std::string head_json(const BookState& state);
// Texts of the wanted parts (one flag each); empty for what is not wanted or holds nothing.
std::vector<std::string> parts_json(const BookState& state, const std::vector<bool>& wanted);
// `head` may also be a whole state, with no parts. Throws Error naming `place` when a text is damaged or something lies in a part that is not its own.
BookState book_state_from_parts(const std::string& head, const std::vector<std::pair<std::size_t, std::string>>& parts, const std::string& place);

}  // namespace guyu
