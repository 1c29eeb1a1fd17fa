#pragma once
#include <string>
#include <vector>

#include "engine/region/hazard_inputs.h"
#include "models/hazard_model.h"
#include "models/rules/rule_pack.h"

namespace guyu {

// Several hazards at once, e.g. a rainstorm and a gale.
struct JointEvent {
  std::string name;
  std::vector<std::string> hazards;
  Level level = Level::blue;  // that each of them reaches
};

// Probability by region that all hazards of the event reach its level, in the same members: at least the share that does for sure, at most that and the
// share that cannot tell. least == most where every member can. A hazard that was not evaluated cannot be told.
struct JointProbability {
  std::vector<float> least, most;
};
struct HazardLevels {
  std::string hazard;
  const std::vector<std::int8_t>* member_levels = nullptr;  // members x regions
};
// O(hazards x members x regions).
JointProbability joint_probability(const JointEvent& event, const std::vector<HazardLevels>& hazards, std::size_t members, std::size_t regions);

// Risk = hazard x exposure x vulnerability: each matrix in turn makes of the level so far, and of the class of its attribute, another. An attribute that is not
// known leaves a risk unknown, as does an unknown hazard; without a hazard there is no risk. O(regions).
std::vector<Level> risk_levels(const std::vector<Level>& hazard, const std::vector<RiskMatrix>& matrices, const HazardInputs& inputs);

}  // namespace guyu
