#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "models/rules/rule_plan.h"

namespace guyu {

// Three-valued answers of a block of regions, as masks (0: no, -1: yes). yes: holds for sure; can: may hold. can without yes is unknown.
struct RuleAnswers {
  explicit RuleAnswers(std::size_t block) : yes(block), can(block), nearness(block) {}
  std::vector<std::int32_t> yes, can;
  std::vector<float> nearness;  // 1: at the threshold; more: past it
  bool exact = false;           // nothing is unknown, and can is not filled
};

// Judges rules for a block of regions at once, one member at a time: what they look at, and why, is in rule_plan.h; RuleFinder does the same plainly for one
// region.
//
// What a condition compares is a range [lo, hi] of what the value may be; all that is missing widens it, and conditions, persistence and combinations go on by
// Kleene's logic, so that what is missing can only turn an answer into unknown. Where all of a rule's ranges are single values, which is the usual case, yes
// and can are the same and only one of them is reckoned, in one pass for each condition.
class RuleJudge {
 public:
  RuleJudge(const RulePlan& plan, std::size_t block);
  ~RuleJudge();
  RuleJudge(const RuleJudge&) = delete;
  RuleJudge& operator=(const RuleJudge&) = delete;
  void load_block(std::size_t begin, std::size_t n);  // series are read when a rule first asks for them
  void load_member(std::size_t member);
  // O(conditions x n), and once for all rules of a member O(samples x n).
  void judge(std::size_t rule, RuleAnswers& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace guyu
