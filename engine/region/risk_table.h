#pragma once
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// Warning level. Unknown means the data do not allow an answer; it is never a "no".
enum class Level { unknown = -1, none = 0, blue = 1, yellow = 2, orange = 3, red = 4 };
std::string_view to_string(Level level);     // "Unknown", "None", "Blue", ...
std::string_view chinese_name(Level level);  // 未知 无 蓝色 黄色 橙色 红色

// Why a region got its level.
struct Evidence {
  std::string rule;                                               // e.g. "rainstorm.orange.3h"
  Interval window;                                                // the rolling window that decided
  double threshold = 0;                                           // canonical unit of the quantity
  double observed = 0;                                            // part of the total that was observed
  double forecast = 0;                                            // part that is extrapolated or forecast
  double coverage = 0;                                            // smallest valid share of area and time in the window, 0..1
  Seconds data_age{0};                                            // age of the newest observation at issue time
  bool already_reached = false;                                   // reached by observed rain alone
  double probability = std::numeric_limits<double>::quiet_NaN();  // share of the possible futures that reach the level; NaN: unknown
  std::string unit = "mm";                                        // of threshold, observed and forecast
};

struct RiskRow {
  std::size_t region = 0;  // index in the RegionSet
  std::string hazard;      // "rainstorm"
  Level level = Level::unknown;
  Interval valid;  // when the hazard is expected
  Evidence evidence;
  // Share of the possible futures in which at least Blue, Yellow, Orange, Red is reached; those that cannot
  // tell count as no here. One future: 0 or 1.
  std::array<float, 4> probability{};
  float unknown_share = 0;  // share of the futures that cannot tell
  // How near the clearest rule came in the future that stands for all: 1 at its threshold, less on the side that does not hold, whichever that is; 0 as far off
  // as the threshold is large, or, of temperatures and the like, as they can hardly go in a day (10 K). NaN: not told.
  float nearness = std::numeric_limits<float>::quiet_NaN();
  // The shares themselves, where a calibration made the probabilities of them.
  std::optional<std::array<float, 4>> member_share{};
};

enum class Answer { no, yes, unknown };
std::string_view to_string(Answer answer);  // "no", "yes", "unknown"

// What one rule found in one region.
struct RuleTrail {
  std::string rule;
  Level level = Level::none;
  Answer answer = Answer::no;  // as the decision probability has it
  std::string condition{};     // the one that binds, in words
  Interval window;             // the one that decided, or came nearest, in the middle one of the futures with this answer
  double threshold = 0, observed = 0, forecast = 0, coverage = 0;
  double member_share = 0;   // of the possible futures in which it holds
  double unknown_share = 0;  // of those that cannot tell
  // How far the value in the window is from the threshold: what would have turned the answer of that future; NaN for unknown.
  double margin = std::numeric_limits<double>::quiet_NaN();
};
struct RegionTrail {
  std::string code, hazard;
  std::vector<RuleTrail> rules;
};

// The unit that the figures of all rows share; empty: they differ, as those of a hazard with several quantities may. nullptr: a region without a row.
std::string common_unit(const std::vector<const RiskRow*>& rows);

struct RiskTable {
  TimePoint issue{};
  std::vector<RiskRow> rows;          // sorted by hazard, then region; one row per region and hazard
  std::vector<RegionTrail> trails{};  // of the regions that somebody may ask about
};

}  // namespace guyu
