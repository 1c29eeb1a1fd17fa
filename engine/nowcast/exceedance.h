#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// How many members reach each threshold, cell by cell and step by step, counted while they are made. Two
// bytes for each cell, step and threshold, and two more for each cell and step.
class Exceedance {
 public:
  Exceedance(std::int64_t ny, std::int64_t nx, int steps, std::vector<float> thresholds);
  // One member at step 1 ... steps. NaN is no answer and counts as none. Not safe for concurrent calls.
  void add(int step, FieldView<const float> field);
  // Share of the members with an answer that reach the threshold (>=); NaN where fewer than `least_share` of
  // all members have one.
  void probability(std::size_t threshold, int step, int members, FieldView<float> out, double least_share = 0.5) const;
  const std::vector<float>& thresholds() const { return thresholds_; }

 private:
  std::int64_t ny_, nx_;
  std::vector<float> thresholds_;
  std::vector<std::vector<std::uint16_t>> reached_;  // by step, then threshold
  std::vector<std::vector<std::uint16_t>> known_;    // by step
};

}  // namespace guyu
