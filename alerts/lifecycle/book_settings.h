#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/region/risk_table.h"

namespace guyu {

// How the warnings of one hazard live.
struct HazardPolicy {
  Seconds downgrade_hold = std::chrono::minutes(30);  // known lower without a break for so long
  Seconds clear_hold = std::chrono::minutes(60);
  Seconds renew_before = std::chrono::minutes(30);  // a message this near its end is extended; > cycle interval
  Seconds shortest_validity = std::chrono::minutes(30);
  Seconds longest_validity = std::chrono::hours(24);
  Seconds unknown_limit = std::chrono::hours(6);  // Unknown keeps a level alive for so long after the last answer
  // Where this hazard is warned of at `inhibits_from` or above, warnings of these hazards at the same or a lower level
  // are held back. Those that are out already go on.
  std::vector<std::string> inhibits;
  Level inhibits_from = Level::blue;
  bool operator==(const HazardPolicy&) const = default;
};

struct BookSettings {
  HazardPolicy usual;                                 // of every hazard that has none of its own
  std::map<std::string, HazardPolicy> hazards;        // by hazard
  Seconds table_age_limit = std::chrono::hours(1);    // an older risk table counts as Unknown everywhere
  Seconds clock_tolerance = std::chrono::minutes(5);  // a clock set back by no more stands still until it has caught up
  std::size_t group_cap = 300;                        // regions per message
  double neighbour_tolerance = 1e-4;                  // CRS units
  std::string country = "156", authority = "0";       // of the identifier 2.49.0.1.<country>.<authority>.<UTC>.<n>
  const HazardPolicy& policy(const std::string& hazard) const;
  bool operator==(const BookSettings&) const = default;
};

// Rank of each hazard that inhibits or is inhibited: above the rank of all that inhibit it. Throws Error when hazards
// inhibit each other in a ring: each would wait for the other, and nobody be warned.
std::map<std::string, int> inhibition_ranks(const BookSettings& settings);

}  // namespace guyu
