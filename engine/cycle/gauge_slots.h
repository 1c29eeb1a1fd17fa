#pragma once
#include <vector>

#include "engine/cycle/rain_history.h"

namespace guyu {

// Observed rain of regions with what radar and gauges together say of longer intervals (`merged`: ascending, without overlap). Where the radar's slots tell a
// region's rain over a merged interval they keep their course in time and are scaled to its amount, by a factor in [1/kMostGaugeFactor, kMostGaugeFactor];
// rain that the radar did not see at all comes evenly. Where the radar knew less than kRadarKnows of the interval, or nothing, the merged amount stands
// evenly, with its own coverage. Slots that a merged interval's border cuts are
// parted there by time. Where the radar missed part of an interval, that part has its even share of the merged amount. Result ascending, without overlap.
// O(slots x regions).
inline constexpr float kMostGaugeFactor = 10;
inline constexpr float kRadarKnows = 0.5F;
std::vector<RainSlot> with_gauges(const std::vector<RainSlot>& radar, const std::vector<RainSlot>& merged);

}  // namespace guyu
