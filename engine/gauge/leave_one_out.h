#pragma once
#include <array>
#include <span>
#include <vector>

#include "engine/gauge/merge_model.h"
#include "engine/verify/agreement.h"

namespace guyu {

// What a gauge would have been told to have by the others.
struct LeftOut {
  std::size_t pair = 0;
  float gauge_mm = 0;
  std::array<float, kMergeMethods.size()> estimate_mm{};  // [method]
  std::array<bool, kMergeMethods.size()> fell_back{};     // the method could not be had from the other gauges
  float gauges_alone_mm = 0;                              // ordinary kriging of the others without the radar: what a merging must beat too
};

// Each gauge within the radar's sight left out in turn: bias, variogram, slope, fallback and bounds are made again from the others, so that nothing of it is in
// its own estimate. `radar_structure` comes from the radar alone. A method that falls back is scored with what it falls back to, as it would be used.
// The same for any number of threads. O(n^4) up to most_global pairs, O(n^3) for kriging in neighbourhoods (of the nearest `neighbours`).
std::vector<LeftOut> leave_one_out(std::span<const RainPair> pairs, const std::optional<Variogram>& radar_structure, const MergeSettings& settings = {});

// The scores of one method over the left-out gauges of one or more fields.
struct LeaveOneOutScore {
  MergeMethod method = MergeMethod::radar_alone;
  Agreement agreement;        // "forecast": the estimate; truth: the gauge
  std::size_t fell_back = 0;  // estimates
};

class LeaveOneOutScores {
 public:
  void add(std::span<const LeftOut> left_out);
  std::vector<LeaveOneOutScore> result() const;  // one a method, in the order of kMergeMethods
  Agreement gauges_alone() const { return alone_.result(); }

 private:
  std::array<AgreementSums, kMergeMethods.size()> sums_;
  AgreementSums alone_;
  std::array<std::size_t, kMergeMethods.size()> fell_back_{};
};

}  // namespace guyu
