#pragma once
#include <cstddef>
#include <vector>

#include "engine/region/hazard_inputs.h"

namespace guyu {

// Rain of a run as steps that follow each other without a gap: its pieces, and between them time that nothing is known of. For models that carry water from
// step to step.
struct RainStep {
  Interval time;
  const SeriesPiece* piece = nullptr;  // nullptr: nothing is known
  double share = 1;                    // of the piece's amount that falls in this step; amounts are even within their piece
};

class RainSteps {
 public:
  // From `from` to the end of the last piece; a piece is cut at `cut` when that lies in it. Empty when no piece ends after `from`.
  RainSteps(const HazardSeries& rain, TimePoint from, TimePoint cut);
  std::size_t size() const { return steps_.size(); }
  const RainStep& operator[](std::size_t k) const { return steps_[k]; }
  double seconds(std::size_t k) const { return static_cast<double>(steps_[k].time.length().count()); }
  // Whether futures can differ at the end of step k.
  bool has_members(std::size_t k) const { return k >= first_with_members_; }
  std::size_t first_with_members() const { return first_with_members_; }
  // Share of the region that is known in the step, in all futures alike: 0 where nothing is.
  float known(std::size_t k, std::size_t region) const;
  // For regions [begin, begin + n): mm that fell at least, of a region that is seen too little of only what was seen; 0 where nothing is known. NaN: only this
  // future has no value. seen: known() of the step and the same regions.
  void amounts(std::size_t k, std::size_t member, std::size_t begin, std::size_t n, const float* seen, double* out) const;

 private:
  std::vector<RainStep> steps_;
  std::size_t first_with_members_ = 0;
};

// Where a moment lies among the steps' ends: `part` of step k has gone by.
struct StepPlace {
  std::size_t step = 0;
  double part = 0;
};
// Before the first step: {0, 0}; after the last: {size - 1, 1}.
StepPlace place_in(const RainSteps& steps, TimePoint t);

// Mean of the futures that are known into `values`, NaN where none is.
void set_mean_of_members(SeriesPiece& piece);

// Where nothing is known of a piece there is no value, whatever a lower bound would say.
void blank_unknown(HazardSeries& series);

}  // namespace guyu
