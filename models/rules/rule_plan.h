#pragma once
#include <memory>
#include <vector>

#include "engine/core/quantity.h"
#include "engine/region/hazard_inputs.h"
#include "models/rules/rule_pack.h"
#include "models/rules/rule_samples.h"
#include "models/rules/sample_extremes.h"
#include "models/rules/series_axis.h"
#include "models/rules/window_values.h"

namespace guyu {

// What the rules of packs look at on the time axes of given inputs. Rules are numbered through: those of the first pack, then those of the second.
//
// A rule looks at the time (issue, min(issue + within, horizon of its series and of the run)]. Sums: all windows that end there, or at the issue time; at the
// ends of pieces and where a window begins at one (a sum of even pieces peaks there). Each value: those of the steps there; what was observed up to
// `continuing_within` before counts when nothing rules out that it goes on. Sums that the observed part alone reaches count only if it is likely to continue:
// soon, later in the window, or nothing is known of it. Source: CMA Order 16 (2007), "will reach, or has reached and is likely to continue".
//
// A plan is made once and shared by all threads, then judged for every region and member: blocks of regions by RuleJudge, with its
// figures a single one by RuleFinder.

constexpr std::size_t kNoAxis = static_cast<std::size_t>(-1);

constexpr float kFar = -1e30F;       // nearness of what is not known
constexpr float kJustAfter = 1e-3F;  // hours: what lasted to a moment, for all rounding

struct PlannedSample {
  Sample sample;
  AxisWindow window, earlier;
  AxisWindow to_come;  // of what falls in each place: on the condition's soon_axis
  TimePoint begin;     // what it speaks for begins here: of the run of samples that hold
  bool may_be_over;    // a sum that counts, where observed alone, only if it goes on
  bool soon = false;   // it begins so early that what was observed until the issue time goes on with it
};

// What a value is compared with in one region, turned so that larger is farther for every comparison: the value, or where less is worse its opposite, is at
// least `least`. Nearness is 1 + (value - level) * scale. An observed sum of `reached` needs to go on. NaN: not known.
struct Limit {
  float least = 0, level = 0, scale = 1, reached = 0;
};

struct PlannedCondition {
  const Condition* condition = nullptr;
  std::size_t axis = kNoAxis;
  const RulePack* pack = nullptr;
  AxisWindow soon;                             // of a sum: (issue, issue + continuing_within],
  std::size_t soon_axis = kNoAxis;             // on this axis, of places that of all that is to come; none: nothing tells
  std::size_t number = 0;                      // among all conditions
  const RegionAttribute* threshold = nullptr;  // of each region
  UnitConversion threshold_unit;               // from the attribute's unit
  double reach = 0;                            // of nearness, where it is not the threshold itself
  bool answerable = true;                      // false: no series, or no such attribute
  bool time_unknown = false;                   // there is nothing to look at
  bool has_past = false;                       // of its samples some were observed before the issue time
  bool persists() const { return condition->lasting.count() > 0 || condition->once_in.count() > 0; }
  bool upward() const { return condition->compare == Compare::at_least || condition->compare == Compare::above; }
  double threshold_of(std::size_t region) const;
  Limit limit_of(std::size_t region) const;
  std::vector<PlannedSample> samples;
  std::size_t first_piece = 0, last_piece = 0;  // of the axis: [first, last) is read for its samples
  TimePoint known_from{};                       // nothing is known of samples that begin before
  // Of one that is judged by the farthest of its samples: those that count, those observed just before the issue time, those that go on with them.
  std::size_t all = kNoExtreme, past = kNoExtreme, next = kNoExtreme;
  bool may_be_over = false;  // some sample may
};

struct PlannedGate {
  const RegionGate* gate = nullptr;
  const RegionAttribute* attribute = nullptr;  // nullptr: not known of any region
  double value = 0;                            // in the attribute's unit
  Answer is_one(std::size_t region) const;     // a region of which it is not known may be one
};

struct PlannedRule {
  const Rule* rule = nullptr;
  const RulePack* pack = nullptr;
  std::vector<PlannedCondition> conditions;
  std::vector<PlannedGate> gates;
  bool in_time = true;      // false: outside of its season or hours all through, so that it does not hold whatever is missing
  bool at_times = false;    // all conditions at one and the same moment
  std::size_t counted = 0;  // conditions that are not required
  bool every() const { return rule->needed == counted; }
  bool any() const { return rule->needed == 1; }
};

struct RulePlan {
  // Packs that want as much of a series known share its axis.
  struct Axis {
    std::unique_ptr<SeriesAxis> time;
    double least_coverage;
    AxisNeeds needs;
  };

  // Hours since the issue time: what persistence is counted in.
  float hour_of(TimePoint t) const { return static_cast<float>(static_cast<double>((t - inputs.issue).count()) / 3600); }

  // All rules of the packs, in their order. Both must outlive the plan. O(rules x conditions x samples).
  RulePlan(const std::vector<const RulePack*>& packs, const HazardInputs& inputs);

  const std::vector<const RulePack*> packs;
  const HazardInputs& inputs;
  std::vector<Axis> axes;
  std::vector<PlannedRule> rules;
  std::vector<PlannedExtreme> extremes;
  std::size_t conditions = 0;
  std::vector<TimePoint> horizons;  // by pack: up to when it answers

 private:
  std::size_t axis_of(const Condition& condition, const RulePack& pack);  // kNoAxis: there is no such series
  std::size_t axis_of(const HazardSeries& series, const RulePack& pack, const Interval& needed);
  std::size_t to_come_axis(const Condition& condition, const RulePack& pack);
  void plan_soon(PlannedCondition& condition);
  TimePoint add(const RulePack& pack, const Rule& rule);  // up to when it answers
  void add_extremes(PlannedCondition& condition);
};

}  // namespace guyu
