#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/region/risk_table.h"
#include "models/hazard_model.h"
#include "models/rules/rule_pack.h"

namespace guyu {

// One future's answer for a region.
struct FutureLevel {
  Level level = Level::unknown;
  float nearness = 0;      // of its clearest rule: 1 at the threshold
  std::uint32_t rule = 0;  // that one
};

struct MemberDecision {
  Level level = Level::unknown;
  std::array<float, 4> probability{};  // at least Blue, Yellow, Orange, Red
  // The shares of the futures themselves, where a calibration made the probabilities of them: what a later calibration learns from.
  std::optional<std::array<float, 4>> share{};
  float unknown_share = 0;
  std::size_t middle = 0;  // the future whose figures stand for all: the middle one, by nearness, of those of the level given
};

// The severest level that enough of the futures reach, by the pack's probability for it, after calibration where there is one. None needs enough that
// say so: when those that cannot tell could make the difference, the answer is unknown. A severer level is no likelier than a milder one. `space`: any, kept
// from call to call. O(n).
MemberDecision decide_level(std::span<const FutureLevel> futures, const RulePack& pack, const CalibratedProbability& calibrated, std::size_t region,
                            std::vector<std::size_t>& space);

}  // namespace guyu
