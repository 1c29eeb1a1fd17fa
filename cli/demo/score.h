#pragma once
#include <array>
#include <vector>

#include "cli/demo/true_levels.h"
#include "engine/verify/agreement.h"
#include "engine/verify/contingency.h"

namespace guyu::cli::demo {

inline constexpr std::array<Level, 4> kWarningLevels{Level::blue, Level::yellow, Level::orange, Level::red};

// The levels that one cycle gave, township by township, and the rain that it extrapolated over the hour to come.
struct CycleAnswer {
  TimePoint issue{}, horizon{};
  std::vector<Level> levels;        // in the order of the townships
  std::vector<float> next_hour_mm;  // NaN where the extrapolation does not see enough of the township; empty: none
};

struct CycleScore {
  TimePoint issue{};
  std::vector<Level> truth;               // what the true rain would have called for
  std::array<Contingency, 4> at_least{};  // per warning level: warned of it or worse, against true
  std::size_t unknown = 0;                // townships without an answer, which enter no table
  Agreement next_hour;
};

// How long before the true rain reached a level it was warned of, over the townships that reached it after the first cycle.
struct LeadTime {
  std::size_t ahead = 0, late = 0, never = 0;
  double median_minutes = 0;  // of those ahead; NaN: none
};

struct Scores {
  std::vector<CycleScore> cycles;
  std::array<Contingency, 4> total{};  // all cycles
  std::array<LeadTime, 4> lead{};
};

// `answers` in order of time. O(townships x rules x minutes of the horizon).
Scores score(const TownshipRain& truth, const RulePack& pack, const std::vector<CycleAnswer>& answers);

}  // namespace guyu::cli::demo
