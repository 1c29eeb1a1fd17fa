#include "cli/verify/warnings.h"

#include <algorithm>
#include <array>

#include "cli/verify/run_archive.h"
#include "engine/core/error.h"
#include "ingest/township_levels.h"

namespace guyu::cli::verify {
namespace {

constexpr std::array<Level, 4> kLevels{Level::blue, Level::yellow, Level::orange, Level::red};

std::vector<WarningSpan> warnings_of(const std::vector<TownshipLevels>& cycles, const std::string& code, std::size_t guess, Level level) {
  std::vector<WarningSpan> spans;
  bool open = false;
  for (const TownshipLevels& c : cycles) {
    const std::size_t at = place_in(c, code, guess);
    if (open && spans.back().end < c.issue) open = false;  // had run out
    if (c.levels[at] == Level::unknown) continue;
    if (c.levels[at] >= level) {
      if (!open) spans.push_back({c.issue, c.valid_until[at]});
      spans.back().end = std::max(spans.back().end, c.valid_until[at]);
      open = true;
    } else if (open) {
      spans.back().end = std::min(spans.back().end, c.issue);
      open = false;
    }
  }
  return spans;
}

}  // namespace

WarningVerification score_warnings(const WarningScoring& scoring, const RulePack& pack, const RegionSet& regions, const std::vector<FieldEntry>& observations,
                                   std::vector<std::string>& problems) {
  const std::vector<TownshipLevels> cycles = read_cycles(scoring.run, pack.hazard, problems);
  const RegionRain rain = read_rain(regions, {scoring.cache, scoring.max_gap}, observations, problems);
  WarningVerification out{{}, cycles.size(), cycles.front().issue, cycles.back().issue, *rain.observed()};
  for (const Level level : kLevels) {
    std::vector<RainCriterion> criteria;
    for (const RainRule& rule : rain_rules(pack))
      if (rule.level >= level) criteria.push_back({rule.window, rule.threshold_mm});
    WarningLevelScore one{std::string(to_string(level)), {}};
    for (std::size_t r = 0; r < regions.regions.size() && !criteria.empty(); ++r) {
      const auto& steps = rain.steps(r);
      // What no cycle could speak of is left out: rain before the first one, and after the last one's word
      // has run out.
      const std::vector<WarningSpan> warnings = warnings_of(cycles, regions.regions[r].code, r, level);
      TimePoint until = out.last;
      for (const TownshipLevels& c : cycles) until = std::max(until, c.valid_until[place_in(c, regions.regions[r].code, r)]);
      const Spells spells = rain_spells(steps, criteria, {out.observed.begin, std::min(until, out.observed.end)}, pack.least_coverage,
                                        scoring.dry_before.value_or(TimePoint::min()));
      one.score += match_warnings(warnings, spells, out.first, out.observed);
    }
    out.levels.push_back(std::move(one));
  }
  return out;
}

}  // namespace guyu::cli::verify
