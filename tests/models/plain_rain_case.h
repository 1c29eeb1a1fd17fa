#pragma once
#include "engine/region/hazard_inputs.h"
#include "models/rules/rule_pack.h"

namespace guyu::test {

// The level that plain rain rules give one region in one future, found region by region and window by window: the reference of the columnar evaluation.
Level plain_rain_level(const RulePack& pack, const HazardInputs& inputs, std::size_t region, std::size_t member);

}  // namespace guyu::test
