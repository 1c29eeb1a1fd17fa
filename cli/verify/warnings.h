#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/verify/inputs.h"
#include "engine/region/region_set.h"
#include "models/rules/rule_pack.h"
#include "products/score_report.h"

namespace guyu::cli::verify {

struct WarningScoring {
  std::string run;                           // --out of guyu run
  std::string cache;                         // folder that keeps the regions' weights
  Seconds max_gap{15 * 60};                  // instants further apart are not joined
  std::optional<TimePoint> dry_before = {};  // nothing fell before
};

struct WarningVerification {
  std::vector<WarningLevelScore> levels;  // blue, yellow, orange, red: each "of this level or severer"
  std::size_t cycles = 0;
  TimePoint first{}, last{};  // issue times
  Interval observed{};
};

// The township levels of all cycles of a run, against the rain that fell. A warning of a level begins at the
// first cycle that gives the township this level or a severer one, and ends when what it last said runs out,
// or at the first later cycle that gives a lower one; Unknown ends nothing. The event is the pack's: rain of
// one of its rules of that level or a severer one. Cycles that cannot be read, and frames, go to `problems`.
// Throws Error for regions that are not those of the run, and when there is no cycle or no rain.
WarningVerification score_warnings(const WarningScoring& scoring, const RulePack& pack, const RegionSet& regions, const std::vector<FieldEntry>& observations,
                                   std::vector<std::string>& problems);

}  // namespace guyu::cli::verify
