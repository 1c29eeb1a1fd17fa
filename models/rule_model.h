#pragma once
#include "models/hazard_model.h"
#include "models/rules/rule_pack.h"

namespace guyu {

// Threshold signals: a rule pack against the series of what was observed, extrapolated and forecast (models/rules/rule_plan.h says how rules look at
// them). The level of a future is the severest whose rule holds; with none it is None only when every rule fails, else Unknown; the level of a region is
// what enough of its futures reach (member_decision.h). Regions are judged in blocks, member by member: O(members x samples x conditions) per region, no
// allocation per region.
class RuleModel final : public HazardModel {
 public:
  // calibrated: may be empty; then the members' shares are the probabilities.
  explicit RuleModel(RulePack pack, CalibratedProbability calibrated = {}) : pack_(std::move(pack)), calibrated_(std::move(calibrated)) {}
  std::string hazard() const override { return pack_.hazard; }
  std::vector<InputNeed> needs() const override;
  HazardAnswer evaluate(const HazardInputs& inputs) const override;
  std::vector<RuleTrail> explain(const HazardInputs& inputs, std::size_t region) const override;
  const RulePack& pack() const { return pack_; }
  const CalibratedProbability& calibrated() const { return calibrated_; }

 private:
  RulePack pack_;
  CalibratedProbability calibrated_;
};

// Several packs at once: each series is read once for all of them. The same answers, in the order of the models.
std::vector<HazardAnswer> evaluate_rules(const std::vector<const RuleModel*>& models, const HazardInputs& inputs);

// The longest history that any condition of the pack looks at.
Seconds history_needed(const RulePack& pack);

}  // namespace guyu
