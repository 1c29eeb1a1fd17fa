#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/region/risk_table.h"
#include "models/hazard_model.h"
#include "models/rules/rule_pack.h"

namespace guyu {

// What the futures of a block of regions came to, each value in rows of a member. stride: from one member's row to the next.
struct FutureRows {
  const std::int8_t* level;  // Level
  std::size_t level_stride;
  const float* nearness;  // of its clearest rule: 1 at the threshold
  std::size_t nearness_stride;
};

struct MemberDecision {
  Level level = Level::unknown;
  std::array<float, 4> probability{};  // at least Blue, Yellow, Orange, Red
  // The shares of the futures themselves, where a calibration made the probabilities of them: what a later calibration learns from.
  std::optional<std::array<float, 4>> share{};
  float unknown_share = 0;
  std::size_t middle = 0;  // the future whose figures stand for all: the middle one, by nearness, of those of the level given
};

// Decides a block of regions: the severest level that enough of the futures reach, by the pack's probability for it, after calibration where there is one. None
// needs enough that say so: when those that cannot tell could make the difference, the answer is unknown. A severer level is no likelier than a milder one.
class MemberDecisions {
 public:
  MemberDecisions(std::size_t members, std::size_t block);
  // n regions, from the one numbered `first` on. O(members x log^2(members) x n).
  void decide(const FutureRows& futures, std::size_t n, const RulePack& pack, const CalibratedProbability& calibrated, std::size_t first);
  const MemberDecision& of(std::size_t k) const { return decisions_[k]; }

 private:
  void find_middle(const FutureRows& futures, std::size_t begin, std::size_t n);

  std::size_t members_;
  std::vector<MemberDecision> decisions_;
  std::vector<std::array<std::int32_t, 6>> counts_;             // futures of each region that are Unknown, None, Blue ... Red
  std::vector<std::pair<std::size_t, std::size_t>> exchanges_;  // of a network that sorts as many values as there are members
  std::vector<float> sorted_;                                   // members x a few regions
};

}  // namespace guyu
