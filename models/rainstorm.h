#pragma once
#include "models/hazard_model.h"
#include "models/rule_pack.h"

namespace guyu {

// Rainstorm signals: rolling sums of observed, extrapolated and forecast rain against a rule pack.
//
// A rule looks at all windows that end between the issue time and the earlier of issue + window and the
// horizon. A window holds when its known rain reaches the threshold; where the observed part alone reached
// it, only if rain is likely to continue: soon, later within the window, or nothing is known of it. It fails
// only when enough of its area and time is known; else the answer is unknown. Rain counts as even within a
// piece. The level is the severest whose rule holds; with none, it is None only when every rule fails, else
// Unknown. Of several possible futures each is judged for itself, and the severest level that the pack's
// decision probability of them reach is given, after calibration where there is one. Source: CMA Order 16 (2007), "will reach, or has reached and
// is likely to continue". O(members x rules x pieces) per region.
class RainstormModel final : public HazardModel {
 public:
  // calibrated: may be empty; then the members' shares are the probabilities.
  explicit RainstormModel(RulePack pack, CalibratedProbability calibrated = {}) : pack_(std::move(pack)), calibrated_(std::move(calibrated)) {}
  std::string hazard() const override { return pack_.hazard; }
  Seconds history_needed() const override;
  std::vector<RiskRow> evaluate(const RainSeries& rain) const override;
  // What every rule of the pack says of one region, in the pack's order. O(members x rules x pieces).
  std::vector<RuleTrail> explain(const RainSeries& rain, std::size_t region) const;
  const RulePack& pack() const { return pack_; }

 private:
  RulePack pack_;
  CalibratedProbability calibrated_;
};

}  // namespace guyu
