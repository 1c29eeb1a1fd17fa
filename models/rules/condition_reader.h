#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/toml_source.h"
#include "models/rules/rule.h"

// The smaller parts of a rule pack; all throw Error naming place and remedy.
namespace guyu {

// Keys of a condition, which stand in [[rule]] itself or below [[rule.condition]].
std::vector<ParamSpec> condition_params();
// `root`: the pack, whose quantity and statistic hold where the condition names none.
Condition read_condition(const ConfigTable& table, const ConfigTable& root, bool may_be_required);

// "slope >= 15 degree"
RegionGate read_gate(const std::string& text, const std::string& place);
// "14:00", "8"; up to "24:00".
Seconds read_time_of_day(const std::string& text, const std::string& place);

std::optional<int> whole_number(std::string_view text);
// All of the text, and finite; empty rest for no unit.
struct NumberAndRest {
  double value;
  std::string rest;
};
std::optional<NumberAndRest> leading_number(const std::string& text);

}  // namespace guyu
