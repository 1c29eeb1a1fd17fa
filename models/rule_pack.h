#pragma once
#include <string>
#include <vector>

#include "engine/config/param_spec.h"
#include "engine/core/time.h"
#include "engine/region/risk_table.h"

namespace guyu {

// A level is given when the region's mean rain over a rolling window reaches the threshold.
struct RainRule {
  Level level = Level::blue;
  Seconds window{0};
  double threshold_mm = 0;
  std::string name;  // "rainstorm.orange.3h"
};

// Criteria of one hazard as data; a bureau replaces the file, never code.
struct RulePack {
  std::string path, hash;
  std::string name, hazard, source, edition, effective;
  bool verified = false;              // checked against the published text
  double least_coverage = 0;          // share of area and time of a window that must be known for a "no"
  double decision_probability = 0.5;  // a level is given when at least this share of the possible futures reaches it
  double continuing_mm = 0;           // "likely to continue": at least so much ...
  Seconds continuing_within{0};       // ... in so long after the issue time
  std::vector<RainRule> rules;        // severest level first, then shortest window
};

const TableSpec& rule_pack_spec();
// Throws Error naming file, line and rule: every fault of load_config, a rule given twice, levels that do not
// nest (a severer level easier to reach over the same or a shorter window).
RulePack load_rule_pack(const std::string& path);

}  // namespace guyu
