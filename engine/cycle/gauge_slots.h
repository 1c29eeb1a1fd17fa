#pragma once
#include <vector>

#include "engine/cycle/rain_history.h"

namespace guyu {

// Observed rain of regions with what radar and gauges together say of longer intervals (`merged`: ascending, without overlap). Where the radar's slots tell a
// region's rain over a merged interval they keep their course in time and are scaled to its amount, by a factor in [1/kMostGaugeFactor, kMostGaugeFactor];
// rain that the radar did not see at all comes evenly. Where the radar knew less than kRadarKnows of the interval, or nothing, the merged amount stands
// evenly, with its own coverage. Merged intervals that radar slots only touch change nothing but the time between them. Result ascending, without overlap.
// O(slots x regions).
inline constexpr float kMostGaugeFactor = 10;
inline constexpr float kRadarKnows = 0.5F;
std::vector<RainSlot> with_gauges(const std::vector<RainSlot>& radar, const std::vector<RainSlot>& merged);

}  // namespace guyu
