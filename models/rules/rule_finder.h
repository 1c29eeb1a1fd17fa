#pragma once
#include <memory>

#include "models/rules/rule_plan.h"

namespace guyu {

// What one rule found in one region and one future, with the figures of the moment that decided: of a yes the clearest one, else the nearest.
struct RuleFinding {
  Answer answer = Answer::unknown;
  double nearness = 0;        // 1: at the threshold; more: past it
  std::size_t condition = 0;  // of the rule: the one that binds
  Interval window;
  double threshold = 0, value = 0, observed = 0, forecast = 0, coverage = 0;  // value NaN: not known
  bool observed_alone = false;
  double to_come = 0;        // of a sum: what is to come in the window, of places the most that any of them gets; mm
  TimePoint last_holding{};  // end of the last window that holds
};

// The plain way through a rule: one region, one member, sample by sample. Answer and nearness are those of RuleJudge, bit by bit.
class RuleFinder {
 public:
  explicit RuleFinder(const RulePlan& plan);
  ~RuleFinder();
  RuleFinder(const RuleFinder&) = delete;
  RuleFinder& operator=(const RuleFinder&) = delete;
  void load(std::size_t region, std::size_t member);  // series are read when a rule first asks for them
  // Fetches what find() will read of a region and member to come, side by side: each value is on a line of memory of its own.
  void expect(std::size_t rule, std::size_t region, std::size_t member) const;
  // O(samples x conditions).
  RuleFinding find(std::size_t rule);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace guyu
