#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/verify/contingency.h"
#include "engine/verify/ensemble_view.h"

namespace guyu {

// How often k of M members said "event" where it happened and where it did not. With a fixed number of
// members this is all that Brier score, reliability and ROC need, whatever their bins: an ensemble of M
// members gives no other probabilities than 0, 1/M, ..., 1.
struct ProbabilityTable {
  std::vector<std::uint64_t> events, others;  // [k], k = 0 ... M; empty: nothing was added yet
  std::size_t unjudged = 0;                   // a member or the observation unknown

  std::size_t members() const { return events.empty() ? 0 : events.size() - 1; }
  std::uint64_t all_events() const;
  std::uint64_t judged() const;
  // Throws Error for tables of different ensemble sizes.
  ProbabilityTable& operator+=(const ProbabilityTable& o);
};

// O(places x M); the same for any number of threads.
ProbabilityTable probability_table(EnsembleView members, std::span<const float> observation, double threshold, EventRule rule = EventRule::at_least);

}  // namespace guyu
