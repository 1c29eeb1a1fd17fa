#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/region/hazard_inputs.h"
#include "models/rules/rule_pack.h"

namespace guyu {

struct RulePlan;

// What one rule found in one region and one future, with the figures of the moment that decided: of a yes the clearest one, else the nearest.
struct RuleFinding {
  Answer answer = Answer::unknown;
  double nearness = 0;        // 1: at the threshold; more: past it
  std::size_t condition = 0;  // of the rule: the one that binds
  Interval window;
  double threshold = 0, value = 0, observed = 0, forecast = 0, coverage = 0;  // value NaN: not known
  bool observed_alone = false;
  TimePoint last_holding{};  // end of the last window that holds
};

// Three-valued answers of a block of regions: yes: holds for sure; can: may hold. (0, 1) is unknown.
struct RuleAnswers {
  std::vector<std::int32_t> yes, can;
  std::vector<float> nearness;
};

// Packs planned for the time axes of given inputs; shared by all threads. Rules are numbered through: those of the first pack, then those of the second.
// What a condition compares is a range [lo, hi] of what the value may be; all that is
// missing widens it, and conditions, persistence and combinations go on by Kleene's logic, so that what is missing can only turn an answer into unknown.
//
// A rule looks at the time (issue, min(issue + within, horizon of its series and of the run)]. Sums: all windows that end there, or at the issue time; at the
// ends of pieces and where a window begins at one (a sum of even pieces peaks there). Each value: those of the steps there; what was observed up to
// `continuing_within` before counts when nothing rules out that it goes on. Sums that the observed part alone reaches count only if it is likely to continue:
// soon, later in the window, or nothing is known of it. Source: CMA Order 16 (2007), "will reach, or has reached and is likely to continue".
class RuleEvaluator {
 public:
  RuleEvaluator(const std::vector<const RulePack*>& packs, const HazardInputs& inputs);
  ~RuleEvaluator();
  RuleEvaluator(const RuleEvaluator&) = delete;
  RuleEvaluator& operator=(const RuleEvaluator&) = delete;

  // Up to when the rules of a pack answer.
  TimePoint horizon(std::size_t pack) const;

  // The arrays of one thread, made once and used for block after block.
  class Work {
   public:
    Work(const RuleEvaluator& evaluator, std::size_t block);
    ~Work();
    void load_block(std::size_t begin, std::size_t n);  // series are read when a rule first asks for them
    void load_member(std::size_t member);
    // O(samples x conditions x block).
    void judge(std::size_t rule, RuleAnswers& out);
    // The same of the block's only region, with its figures.
    RuleFinding find(std::size_t rule);

   private:
    friend class RuleEvaluator;
    struct State;
    std::unique_ptr<State> state_;
  };

 private:
  std::unique_ptr<RulePlan> plan_;
};

}  // namespace guyu
