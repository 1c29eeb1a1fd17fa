#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alerts/area/grouping.h"
#include "alerts/lifecycle/book_state.h"

namespace guyu {

// What a step needs of a region set; made once per set.
struct RegionIndex {
  RegionIndex(const RegionSet& regions, double neighbour_tolerance, std::string set_hash);
  std::string hash;
  RegionGraph graph;
  std::unordered_map<std::string, std::uint32_t> number;  // by code
  std::vector<std::uint32_t> by_code;                     // numbers in the order of the codes
  std::vector<std::uint32_t> rank;                        // of each region in it
};

// One step of an AlertBook, done once. Regions are places: their number in the set, or a number beyond it for one that the set
// no longer has. The clock stands in BookState::last_step already.
class BookStep {
 public:
  BookStep(BookState& state, const BookSettings& settings, const std::map<std::string, int>& ranks, const RegionIndex& index, const RegionSet& regions,
           const RiskTable& table);
  // Of decisions that keep an event as it is only the first `most_kept` are made; kept() counts all of them.
  std::vector<Decision> run(std::size_t most_kept);
  std::size_t kept() const { return kept_; }

 private:
  using Place = std::uint32_t;
  static constexpr std::int32_t kNoEvent = -1;

  // One hazard's regions, by place.
  struct View {
    std::string hazard;
    const HazardPolicy* policy;
    HazardState* state;
    std::vector<std::size_t> inhibitors;  // views
    std::vector<const RiskRow*> rows;     // null: Unknown
    std::vector<Track*> tracks;           // null: no level stands
    std::vector<Level> warned;            // what stands and is not held back
    std::vector<std::int32_t> home;       // the event before this step
    std::vector<const RiskRow*> cleared;  // the answer that ended what stood
  };
  struct Group {
    std::size_t view;
    Level level;
    std::span<Place> places;  // by code
    std::int32_t event = kNoEvent;
    std::vector<std::size_t> absorbed;  // events without an heir that it takes regions from
  };
  // What a region's row says about how long its warning must live.
  enum class Life { fresh, gap, hold };
  struct End {
    TimePoint time;
    Life life;
  };

  void make_views(const RiskTable& table, const std::map<std::string, int>& ranks);
  View& view_of(const std::string& hazard);
  Place place_of(const std::string& code);
  const std::string& code_of(Place place) const;

  void expire_events();
  void find_homes();
  void follow_levels(View& view);
  void lift_mutes(View& view);
  void hold_back(View& view);
  std::vector<std::size_t> inhibitors_of(const View& view, Place place, Level level) const;

  void form_groups();
  void order_groups();
  void match_groups();
  void settle_events();
  void settle_groups();
  Decision start(const Group& group);
  std::optional<Decision> carry_on(const Group& group, Alert& alert);
  std::vector<AlertMember> members_of(const View& view, std::span<const Place> places) const;
  End end_of(const Group& group) const;
  Decision decision(Action action, std::string_view reason, Alert alert) const;

  BookState& state_;
  const BookSettings& settings_;
  const RegionIndex& index_;
  const RegionSet& regions_;
  const TimePoint now_;
  std::uint32_t next_rank_ = 0;         // after the region that was looked up last
  std::vector<std::string> strangers_;  // codes that the set does not have
  std::unordered_map<std::string, Place> stranger_number_;
  std::vector<View> views_;  // what inhibits stands before what it inhibits
  std::map<std::string, std::size_t> view_number_;
  std::vector<Place> grouped_;  // the places of all groups
  std::vector<Group> groups_;
  std::size_t most_kept_ = 0, kept_ = 0;
  std::vector<std::int32_t> heir_, taker_;  // event -> group, or kNoEvent
  std::vector<Decision> out_, late_, held_;
};

}  // namespace guyu
