#pragma once
#include <cstddef>
#include <optional>
#include <string>
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

// What a merged slot was made from, as its `source` keeps it in the cycle's state. A slot of gauges alone knows how many radar frames of its time were there:
// when more have come, it is to be merged again.
std::string gauge_source();
std::string gauges_alone_source(std::size_t radar_frames);
// The frames of a slot of gauges alone; nullopt for a slot that the radar had part in.
std::optional<std::size_t> frames_beside_gauges(const RainSlot& slot);

}  // namespace guyu
