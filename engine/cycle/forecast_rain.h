#pragma once
#include <string>
#include <vector>

#include "engine/cycle/rain_history.h"

namespace guyu {

// Rain of all regions over consecutive steps, from whatever intervals a forecast states (engine/core/interval_parts.h). A difference below zero is rounding
// when it is small (kForecastRounding_mm) and counts as dry, else unknown; where a part is missing the difference is unknown. Slots come back ascending and
// without overlap; coverage of a difference is the lesser of the two. O(intervals^2 + intervals x regions).
inline constexpr float kForecastRounding_mm = 0.5F;
std::vector<RainSlot> part_forecast(const std::vector<RainSlot>& totals);

// Rain of one region over an interval from ascending slots, each counted as even over its time.
struct RainOver {
  double amount_mm = 0;  // mean over the valid area, over the known time
  double coverage = 0;   // valid share of area and time, 0..1
};
RainOver rain_over(const std::vector<RainSlot>& slots, const Interval& interval, std::size_t region);

}  // namespace guyu
