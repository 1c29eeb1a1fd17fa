#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "models/rules/rule.h"
#include "models/rules/series_axis.h"

namespace guyu {

// What is needed of an axis, by those who ask.
struct AxisNeeds {
  bool totals = false, each = false;
  std::size_t largest = 0, smallest = 0;  // pieces of the longest window whose extreme is asked for
};

// A window of time on an axis, made once for all regions and members.
struct AxisWindow {
  Interval time;
  AxisPlace begin, end, observed_end;  // observed_end: where the observed part of the window ends
  std::size_t first = 0, last = 0;     // pieces that overlap it
  double share = 0;                    // of its time that pieces speak for
  bool partly_observed = false;
};
AxisWindow window_on(const SeriesAxis& axis, const Interval& time);

// What is known of a value: it lies in [lo, hi], both infinite where nothing is known. Missing data widen the bounds, whatever is done with them then.
struct Bounds {
  const float* lo;
  const float* hi;
};

// Aggregates of one series over windows for a block of regions, one member at a time. Bounds of
//   sum      lo: what is known (where less than `least_coverage` of the area is seen, only the part that was seen); hi: the same, once enough is known
//   maximum  lo: the largest value known; hi: the same, once enough is known
//   minimum  hi: the smallest value known; lo: the same, once enough is known
//   mean     both, once enough is known
//   each     the value itself, where enough of the area is seen
// Enough: `least_coverage` of the window's area and time. O(pieces x regions) to load a member (times log of the longest window for extremes), O(regions) a
// window.
class WindowValues {
 public:
  WindowValues(const SeriesAxis& axis, AxisNeeds needs, double least_coverage, std::size_t block);
  void load_block(std::size_t begin, std::size_t n);
  void load_member(std::size_t member);  // again: nothing, when it is the one loaded
  // n values each: in the space given, or where they are anyway. O(n).
  Bounds get(Aggregate aggregate, const AxisWindow& window, float* lo, float* hi) const;
  void observed_part(const AxisWindow& window, float* out) const;    // of a sum
  float known_share(const AxisWindow& window, std::size_t k) const;  // of area and time, of the k-th region of the block

 private:
  void load_known();
  void load_totals(std::size_t member);
  void load_extremes(std::size_t member);
  bool enough_for_all(const AxisWindow& w) const;
  double known_seconds(const AxisWindow& w, std::size_t k) const;
  Bounds each(const AxisWindow& w, float* lo, float* hi) const;
  void load_values(std::size_t piece, std::size_t member, float* low, float* high) const;
  template <typename Pick>
  void extreme(const std::vector<std::vector<float>>& levels, const AxisWindow& w, float none, float* out, Pick pick) const;

  const SeriesAxis& axis_;
  AxisNeeds needs_;
  double least_coverage_;
  // What values of too little area bound from below: maxima over the area themselves, shares of the area and mean amounts by the part that was seen, other
  // amounts nothing but 0; from above: minima, and shares with all that was not seen.
  bool is_amount_, keeps_low_, keeps_high_, is_share_, is_mean_;
  std::size_t block_, begin_ = 0, n_ = 0;
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);
  std::size_t member_ = kNobody;
  std::vector<char> full_;   // by piece: all of the block is seen
  std::vector<char> clean_;  // by piece: it is, and this member lacks none of it
  // Filled only where something is not seen: piece x block, seen share of the area, 0 where the value is missing in all futures.
  std::vector<float> known_;
  bool all_full_ = true, lost_ = false;
  std::vector<double> known_time_, member_known_time_;  // running sums before each piece, (pieces + 1) x block, s
  std::vector<double> totals_;
  std::vector<float> member_known_;                     // piece x block
  std::vector<float> unused_;                           // where a bound goes that nobody asks for
  std::vector<std::vector<float>> largest_, smallest_;  // by level: of 2^level pieces from each piece on
};

}  // namespace guyu
