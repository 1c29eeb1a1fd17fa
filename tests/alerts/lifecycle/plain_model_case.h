#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

namespace guyu::test {

// The rules of a warning's life as plainly as they can be said, for a handful of regions: no code, type or order of work is
// shared with the book. Times are minutes. Each call tells what must be decided, one line a decision.
class PlainModel {
 public:
  struct Rules {
    std::string name;
    int downgrade_hold, clear_hold, unknown_limit;
    std::set<int> inhibited_by;  // hazards
    int inhibits_from;
  };
  static constexpr int kRenewBefore = 30, kShortest = 30, kLongest = 24 * 60;
  static constexpr int kRows = 2, kColumns = 4, kRegions = kRows * kColumns;
  static constexpr int kUnknown = -1;
  using Found = std::vector<std::vector<int>>;  // hazard, region -> level or kUnknown

  explicit PlainModel(std::vector<Rules> hazards) : rules_(std::move(hazards)), cells_(rules_.size(), std::vector<Cell>(kRegions)) {}

  std::multiset<std::string> step(int now, const Found& found, int valid_minutes);
  std::multiset<std::string> cancel(const std::string& event, int now);
  std::multiset<std::string> edit(const std::string& event, int now);
  std::multiset<std::string> reject(const std::string& event, int level, int told_level, const std::set<std::string>& told, int now);
  // The identifier that the message of an event got.
  void sent(const std::string& event, const std::string& identifier);

  struct Event {
    std::string name;
    int hazard, level, onset;
    std::set<int> regions;
    int expires;
    std::map<std::string, int> messages;  // all there ever were -> when they run out
  };
  const std::vector<Event>& events() const { return events_; }
  int clock() const { return clock_; }
  static std::string code(int region);

 private:
  struct Cell {
    int standing = 0, valid_to = 0, known = 0, low_since = -1, low_peak = 0;
    int muted_to = 0, held_at = 0, clear_since = -1;
  };
  struct Group {
    int hazard, level;
    std::set<int> regions;
  };
  void tick(int now);
  std::string name_of(int hazard, int region) const;
  void say(const std::string& action, const std::string& reason, const Event& e, bool message, const std::set<int>& added = {},
           const std::set<int>& removed = {});
  Event* find(const std::string& name);
  void mute(const Event& e, int up_to, int held_at);
  void move_cell(Cell& c, const Rules& r, int found, bool in_event, int valid_minutes) const;
  std::vector<Group> groups_of(const std::vector<std::vector<int>>& warned) const;
  // When a message may run out, and whether fresh answers, a gap or the hold carries it ("", "_data_gap", "_hold").
  std::pair<int, std::string> life(const Group& g, const Found& found) const;

  std::vector<Rules> rules_;
  std::vector<std::vector<Cell>> cells_;
  std::vector<Event> events_;
  std::multiset<std::string> lines_;
  int clock_ = -1000000, calls_ = 0;
};

}  // namespace guyu::test
