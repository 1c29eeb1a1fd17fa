#pragma once
#include <cstdint>

#include "engine/region/hazard_inputs.h"
#include "models/rules/rule_pack.h"

namespace guyu::test {

// A pack of a few rules with whatever a rule can have, and nothing that a person would ask for.
RulePack random_rules(std::uint32_t seed);

// How much of the inputs is missing.
enum class Holes { none, some, many };
// Series and attributes of the quantities that those rules look at: steps of many lengths and kinds; with holes there are gaps, values that are missing in all
// or in some members, partly seen areas, and quantities that are not there. Values are few, so that many of them stand at thresholds or are equal.
HazardInputs random_inputs(std::size_t regions, std::size_t members, Holes holes, std::uint32_t seed);

}  // namespace guyu::test
