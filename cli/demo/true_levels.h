#pragma once
#include <optional>
#include <vector>

#include "cli/demo/township_rain.h"
#include "models/rules/rule_pack.h"

namespace guyu::cli::demo {

// The rules of a pack applied to what really fell, found without the model that the runs use.

// The severest level whose rule the true rain meets over a window that ends within the rule's own length after `issue`, but not after
// `horizon`; where it was met before `issue` already, only if the rain went on, in the pack's words.
Level true_level(const TownshipRain& rain, const RulePack& pack, std::size_t township, TimePoint issue, TimePoint horizon);

// When the rain of a rule of this level or a severer one is first reached, in (from, to]; nullopt: never.
std::optional<TimePoint> first_reached(const TownshipRain& rain, const RulePack& pack, Level level, std::size_t township, TimePoint from, TimePoint to);

}  // namespace guyu::cli::demo
