#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "models/rules/rule.h"
#include "models/rules/window_values.h"

namespace guyu {

// That any of several samples passes a threshold is that the farthest of them does. Conditions of whatever rules that look at the same samples share it, and
// one that looks further goes on from where another ends: a wind within 6, 12 and 24 h is read once.

constexpr std::size_t kNoExtreme = static_cast<std::size_t>(-1);

struct SampleWindow {
  AxisWindow window, earlier;  // earlier: of a change
};

struct PlannedExtreme {
  std::size_t axis = 0;
  Aggregate aggregate = Aggregate::each;
  Change change = Change::none;
  bool largest = true;  // else the smallest
  std::vector<SampleWindow> samples;
  std::size_t from = kNoExtreme;  // the longest one whose samples are the first of these
};

// The number of the extreme in the list: of the same one, where it is there. O(extremes x samples).
std::size_t add_extreme(std::vector<PlannedExtreme>& extremes, PlannedExtreme extreme);
// Finds what each can go on from, once all are there. O(extremes^2 x samples).
void link_extremes(std::vector<PlannedExtreme>& extremes);

// The extremes of a block of regions in one member, made when they are first asked for. Bounds as those of WindowValues; without samples minus infinity for the
// largest, infinity for the smallest.
class SampleExtremes {
 public:
  using Values = std::vector<std::unique_ptr<WindowValues>>;  // by axis
  SampleExtremes(const std::vector<PlannedExtreme>& plan, std::size_t block);
  void load_block(std::size_t n);
  void load_member();
  // O(samples x n) the first time; the axis must be loaded.
  Bounds of(std::size_t extreme, const Values& values);
  // The largest sum that was observed of any of the samples' windows; -infinity: none of them was.
  const float* observed(std::size_t extreme, const Values& values);

 private:
  static constexpr std::size_t kTogether = 4;  // samples that are compared in one pass
  struct Made {
    bool done = false, observed_done = false, observed_by_all = false;
    Bounds bounds{nullptr, nullptr};
    std::vector<float> lo, hi, observed;
  };
  Bounds sample(const PlannedExtreme& e, const SampleWindow& s, const WindowValues& v, float* lo, float* hi);
  void make(std::size_t extreme, const Values& values);

  const std::vector<PlannedExtreme>& plan_;
  std::size_t n_ = 0;
  std::vector<Made> made_;
  std::vector<float> space_[2 * kTogether], then_lo_, then_hi_;
};

}  // namespace guyu
