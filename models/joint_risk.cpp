#include "models/joint_risk.h"

#include <algorithm>
#include <cmath>

namespace guyu {

JointProbability joint_probability(const JointEvent& event, const std::vector<HazardLevels>& hazards, std::size_t members, std::size_t regions) {
  JointProbability p{std::vector<float>(regions, 0.0F), std::vector<float>(regions, 0.0F)};
  std::vector<const std::vector<std::int8_t>*> levels;
  for (const std::string& name : event.hazards) {
    const auto found = std::find_if(hazards.begin(), hazards.end(), [&](const HazardLevels& h) { return h.hazard == name; });
    levels.push_back(found == hazards.end() ? nullptr : found->member_levels);
  }
  const auto wanted = static_cast<std::int8_t>(event.level), unknown = static_cast<std::int8_t>(Level::unknown);
  std::vector<int> sure(regions, 0), possible(regions, 0);
  for (std::size_t m = 0; m < members; ++m)
    for (std::size_t r = 0; r < regions; ++r) {
      bool all = true, may = true;
      for (const auto* l : levels) {
        const std::int8_t level = l ? (*l)[m * regions + r] : unknown;
        all = all && level >= wanted;
        may = may && (level >= wanted || level == unknown);
      }
      sure[r] += all ? 1 : 0;
      possible[r] += may ? 1 : 0;
    }
  for (std::size_t r = 0; r < regions; ++r) {
    p.least[r] = static_cast<float>(sure[r]) / static_cast<float>(members);
    p.most[r] = static_cast<float>(possible[r]) / static_cast<float>(members);
  }
  return p;
}

std::vector<Level> risk_levels(const std::vector<Level>& hazard, const std::vector<RiskMatrix>& matrices, const HazardInputs& inputs) {
  std::vector<Level> risk = hazard;
  for (const RiskMatrix& m : matrices) {
    const RegionAttribute* attribute = inputs.find_attribute(m.attribute);
    for (std::size_t r = 0; r < risk.size(); ++r) {
      if (risk[r] <= Level::none) continue;
      const double v = attribute ? double{attribute->values[r]} : std::nan("");
      if (std::isnan(v)) {
        risk[r] = Level::unknown;
        continue;
      }
      const auto column = static_cast<std::size_t>(std::upper_bound(m.bounds.begin(), m.bounds.end(), v) - m.bounds.begin());
      risk[r] = m.rows[static_cast<std::size_t>(risk[r]) - 1][column];
    }
  }
  return risk;
}

}  // namespace guyu
