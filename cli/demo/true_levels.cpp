#include "cli/demo/true_levels.h"

#include <algorithm>

namespace guyu::cli::demo {
namespace {

bool met(const TownshipRain& rain, const RulePack& pack, const RainRule& rule, std::size_t township, TimePoint issue, TimePoint end) {
  const Interval window{end - rule.window, end};
  if (rain.total(township, window) < rule.threshold_mm) return false;
  const bool before = issue > window.begin && rain.total(township, {window.begin, issue}) >= rule.threshold_mm;
  return !before || rain.total(township, {issue, end}) >= pack.continuing_mm ||
         rain.total(township, {issue, issue + pack.continuing_within}) >= pack.continuing_mm;
}

}  // namespace

Level true_level(const TownshipRain& rain, const RulePack& pack, std::size_t township, TimePoint issue, TimePoint horizon) {
  Level level = Level::none;
  for (const RainRule& rule : rain_rules(pack)) {
    if (rule.level <= level) continue;
    const TimePoint last = std::min(issue + rule.window, horizon);
    for (TimePoint end = issue; end <= last; end += rain.step()) {
      if (!met(rain, pack, rule, township, issue, end)) continue;
      level = rule.level;
      break;
    }
  }
  return level;
}

std::optional<TimePoint> first_reached(const TownshipRain& rain, const RulePack& pack, Level level, std::size_t township, TimePoint from, TimePoint to) {
  const std::vector<RainRule> rules = rain_rules(pack);
  for (TimePoint end = from + rain.step(); end <= to; end += rain.step()) {
    for (const RainRule& rule : rules)
      if (rule.level >= level && rain.total(township, {end - rule.window, end}) >= rule.threshold_mm) return end;
  }
  return std::nullopt;
}

}  // namespace guyu::cli::demo
