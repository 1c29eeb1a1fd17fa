#pragma once
#include <optional>
#include <vector>

#include "engine/cycle/rain_history.h"
#include "engine/region/hazard_inputs.h"

namespace guyu::cli {

// Rain to come over one interval; of an ensemble, the slot is the members' mean.
struct RainOutlook {
  RainSlot slot;
  std::vector<std::vector<float>> members_mm;  // by member, then region; empty: no ensemble
};

struct RainSources {
  std::vector<RainSlot> observed;  // these and those below: each ascending, without overlap
  std::vector<RainOutlook> extrapolated;
  std::vector<RainSlot> forecast;
  std::optional<TimePoint> dry_before;  // rain before this, where nothing is observed, counts as none
  Seconds history{0};                   // how far back of the issue time rain matters
};

// One series of precipitation amounts out of all that is known: observed up to the newest observation, then extrapolated, then
// forecast. The share of a region that an extrapolated step cannot see (it came from outside the radars'
// view) is filled by the forecast. Where radar is missing altogether the forecast follows the newest
// observation. O(slots x regions).
HazardSeries join_rain(TimePoint issue, std::size_t regions, const RainSources& sources);

}  // namespace guyu::cli
