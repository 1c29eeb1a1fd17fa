#pragma once
#include <memory>
#include <vector>

#include "engine/core/quantity.h"
#include "engine/region/hazard_inputs.h"
#include "models/rules/rule_pack.h"
#include "models/rules/rule_samples.h"
#include "models/rules/series_axis.h"
#include "models/rules/window_values.h"

namespace guyu {

// What the rules of packs look at on the time axes of given inputs: made once, then judged for every region and member (rule_evaluator.h).

constexpr std::size_t kNoAxis = static_cast<std::size_t>(-1);

struct PlannedSample {
  Sample sample;
  AxisWindow window, earlier;
  TimePoint begin;  // what it speaks for begins here: of the run of samples that hold
};

struct PlannedCondition {
  const Condition* condition = nullptr;
  std::size_t axis = kNoAxis;
  const RulePack* pack = nullptr;
  AxisWindow soon;                             // of a sum: (issue, issue + continuing_within]
  std::size_t number = 0;                      // among all conditions
  const RegionAttribute* threshold = nullptr;  // of each region
  UnitConversion threshold_unit;               // from the attribute's unit
  double reach = 0;                            // of nearness, where it is not the threshold itself
  bool answerable = true;                      // false: no series, or no such attribute
  bool time_unknown = false;                   // there is nothing to look at
  bool has_past = false;                       // of its samples some were observed before the issue time
  bool persists() const { return condition->lasting.count() > 0 || condition->once_in.count() > 0; }
  std::vector<PlannedSample> samples;
  TimePoint known_from{};  // nothing is known of samples that begin before
};

struct PlannedGate {
  const RegionGate* gate = nullptr;
  const RegionAttribute* attribute = nullptr;  // nullptr: not known of any region
  double value = 0;                            // in the attribute's unit
};

struct PlannedRule {
  const Rule* rule = nullptr;
  const RulePack* pack = nullptr;
  std::vector<PlannedCondition> conditions;
  std::vector<PlannedGate> gates;
  bool in_time = true;  // false: outside of its season or hours all through, so that it does not hold whatever is missing
};

struct RulePlan {
  // Packs that want as much of a series known share its axis.
  struct Axis {
    std::unique_ptr<SeriesAxis> time;
    double least_coverage;
    AxisNeeds needs;
  };

  // All rules of the packs, in their order. Both must outlive the plan. O(rules x conditions x samples).
  RulePlan(const std::vector<const RulePack*>& packs, const HazardInputs& inputs);

  const std::vector<const RulePack*> packs;
  const HazardInputs& inputs;
  std::vector<Axis> axes;
  std::vector<PlannedRule> rules;
  std::size_t conditions = 0;
  std::vector<TimePoint> horizons;  // by pack: up to when it answers

 private:
  std::size_t axis_of(const Condition& condition, const RulePack& pack);  // kNoAxis: there is no such series
  TimePoint add(const RulePack& pack, const Rule& rule);                  // up to when it answers
};

}  // namespace guyu
