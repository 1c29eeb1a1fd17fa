#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/param_spec.h"
#include "models/rules/rule.h"

namespace guyu {

// Levels of risk from a level of hazard and what is exposed to it, or how vulnerable that is: a row for each level from Blue to Red, a column for each class
// of an attribute.
struct RiskMatrix {
  std::string attribute;                 // population, slope, crop area ...
  std::vector<double> bounds;            // classes: below the first, from the first to below the second, ...; ascending, in the attribute's unit
  std::vector<std::vector<Level>> rows;  // 4 x (bounds + 1)
};

// Criteria of one hazard as data; a bureau replaces the file, never code.
struct RulePack {
  std::string path, hash;
  std::string name, hazard, source, edition, effective;      // effective: the day that it came into force, 2007-06-12; may be empty
  bool verified = false;                                     // every rule was checked against the published text
  bool signal = true;                                        // levels are warning signals; false: grades for tables and maps, no message is made of them
  double least_coverage = 0.8;                               // share of area and time of a window that must be known for a "no"
  double decision_probability = 0.5;                         // a level is given when at least this share of the possible futures reaches it
  std::array<std::optional<double>, 4> level_probability{};  // Blue, Yellow, Orange, Red: of its own
  double continuing_mm = 0.5;                                // "likely to continue": an amount of at least so much ...
  Seconds continuing_within{3600};                           // ... in so long after the issue time
  std::optional<Seconds> downgrade_hold{}, clear_hold{};     // that the pack asks for; the run's own without
  std::vector<RiskMatrix> risk;                              // one after the other; none: no risk beside the level
  std::vector<Rule> rules;                                   // severest level first, then shortest window
  double needed_probability(Level level) const { return level_probability[static_cast<std::size_t>(level) - 1].value_or(decision_probability); }
};

const TableSpec& rule_pack_spec();
// Throws one Error naming file, line and rule for every fault: those of load_config, a threshold whose unit does not fit, a rule that stands twice, one that
// contradicts itself, levels that do not nest (pack_check.h).
RulePack load_rule_pack(const std::string& path);

// A rule of plain rain: the area mean of precipitation over a rolling window reaches the threshold.
struct RainRule {
  Level level = Level::blue;
  Seconds window{0};
  double threshold_mm = 0;
  std::string name;
};
Rule as_rule(const RainRule& rule);
// The pack's rules in their order. Throws Error naming the first one that is not plain rain.
std::vector<RainRule> rain_rules(const RulePack& pack);

}  // namespace guyu
