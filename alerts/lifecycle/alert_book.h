#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerts/lifecycle/alert.h"
#include "alerts/area/grouping.h"
#include "engine/region/region_set.h"

namespace guyu {

struct BookSettings {
  Seconds downgrade_hold = std::chrono::minutes(30);  // known lower without a break for so long
  Seconds clear_hold = std::chrono::minutes(60);
  Seconds renew_before = std::chrono::minutes(30);    // a message this near its end is extended; > cycle interval
  Seconds shortest_validity = std::chrono::minutes(30);
  Seconds longest_validity = std::chrono::hours(24);
  Seconds unknown_limit = std::chrono::hours(6);      // Unknown keeps a warning alive for so long after the last answer
  Seconds table_age_limit = std::chrono::hours(1);    // an older risk table counts as Unknown everywhere
  std::size_t group_cap = 300;                        // regions per message
  double neighbour_tolerance = 1e-4;                  // CRS units
  std::string country = "156", authority = "0";       // of the identifier 2.49.0.1.<country>.<authority>.<UTC>.<n>
};

// The life of every warning as a pure state machine: no clock, no file, no network. Per region and hazard a
// level stands: it rises at once; it falls to the highest level seen during an unbroken hold time of known lower
// answers; Unknown never lowers it and restarts the hold. Standing regions are grouped, groups inherit the event they
// share most regions with, and only what receivers must know becomes a message.
class AlertBook {
 public:
  explicit AlertBook(BookSettings settings = {});

  // Decisions in the order to send them: severest first. Exactly one per event touched. Throws Error when `now` lies
  // before the last step or a row names a region that is not there; the book is then unchanged.
  std::vector<Decision> step(const RiskTable& table, const RegionSet& regions, TimePoint now);

  const std::vector<Alert>& active() const { return alerts_; }
  std::optional<TimePoint> last_step() const { return last_step_; }
  const BookSettings& settings() const { return settings_; }

  std::string to_json() const;
  // State from to_json(); throws Error naming `place` when the text is damaged or of another version.
  static AlertBook from_json(const std::string& text, BookSettings settings, const std::string& place);

 private:
  friend class BookStep;
  // Memory of one region and hazard; only where a level stands.
  struct Track {
    Level level = Level::none;
    Interval valid;
    Evidence evidence;                        // of the standing level
    TimePoint last_known{};
    std::optional<TimePoint> lower_since;     // start of the unbroken run of lower answers
    Level lower_peak = Level::none;           // the highest of them
  };
  using TrackKey = std::pair<std::string, std::string>;  // hazard, region code

  std::string next_identifier(TimePoint now);

  BookSettings settings_;
  std::map<TrackKey, Track> tracks_;
  std::vector<Alert> alerts_;
  std::optional<TimePoint> last_step_;
  TimePoint sequence_time_{};
  int sequence_ = 0;
  std::shared_ptr<const RegionGraph> graph_;  // cache, not state
  std::string graph_regions_;
};

}  // namespace guyu
