#pragma once
#include <cstdint>

#include "engine/region/hazard_inputs.h"
#include "models/rules/rule_pack.h"

namespace guyu::test {

// Hourly series and attributes of all that a pack asks for, four days back and eight days ahead, with values on either side of its thresholds.
HazardInputs inputs_for(const RulePack& pack, std::size_t regions, std::size_t members, TimePoint issue, std::uint32_t seed);

// Names of the shipped packs, without ending.
std::vector<std::string> shipped_packs();
RulePack shipped_pack(const std::string& name);

}  // namespace guyu::test
