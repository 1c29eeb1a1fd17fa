#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "models/rules/rule.h"
#include "models/rules/series_axis.h"

namespace guyu {

// What is needed of an axis, by those who ask.
struct AxisNeeds {
  bool totals = false;
  std::vector<std::pair<std::size_t, std::size_t>> largest, smallest;  // pieces [first, last) of the windows whose extreme is asked for
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
// The piece that speaks for a moment, if one does; of sums over windows the two that it lies between. `time` ends there and is what the value tells of.
AxisWindow moment_on(const SeriesAxis& axis, const Interval& time);

// What is known of a value: it lies in [lo, hi], both infinite where nothing is known. Missing data widen the bounds, whatever is done with them then.
// The same array for both: every value is known.
struct Bounds {
  const float* lo;
  const float* hi;
  bool exact() const { return lo == hi; }
};

struct ValueRange {
  float lo, hi;
};

// What a value says of a region when too little of its area is seen: maxima over the area bound it from below themselves, shares of the area and mean amounts
// by the part that was seen, other amounts by 0, and others not at all; from above minima do, and shares with all that was not seen.
class PartlySeen {
 public:
  explicit PartlySeen(const HazardSeries& series);
  ValueRange range(float value, float known) const;  // known: share of the area, above 0

 private:
  bool is_amount_, keeps_low_, keeps_high_, is_share_, is_mean_;
  bool grows_;  // a sum over windows, which rain in time that is not known adds to
};

// How far a value fell or rose between two times, n values each, in the space given; bounds may stand in that space already. Missing bounds are infinite, and
// so is their difference; the lower ones are never plus infinity.
Bounds change_between(Change change, const Bounds& then, const Bounds& now, std::size_t n, float* lo, float* hi);

// Extremes over windows of an axis: each is that of two rows of a table over 2^level pieces. Only the rows that the windows need are made, and those of pieces
// that are the same in all members once for all of them.
class ExtremeTable {
 public:
  ExtremeTable(const std::vector<std::pair<std::size_t, std::size_t>>& windows, std::size_t pieces, std::size_t block);
  bool empty() const { return levels_.empty(); }
  float* own_row(std::size_t piece) { return &levels_[0][piece * block_]; }        // room for values that are not used as they stand
  void set_row(std::size_t piece, const float* values) { rows_[piece] = values; }  // of level 0
  const float* row(std::size_t level, std::size_t piece) const { return level == 0 ? rows_[piece] : &levels_[level][piece * block_]; }
  // The rows that reach past the first `kept` pieces. pick(a, b): the farther one. O(rows x n).
  template <typename Pick>
  void build(std::size_t kept, std::size_t n, Pick pick);
  template <typename Pick>
  void over(const AxisWindow& w, std::size_t n, float none, float* out, Pick pick) const;

 private:
  struct Row {
    std::size_t level, piece;
  };
  std::size_t block_;
  std::vector<Row> made_;  // above level 0, lower levels first
  std::vector<const float*> rows_;
  std::vector<std::vector<float>> levels_;
};

// Aggregates of one series over windows for a block of regions, one member at a time. Bounds of
//   sum      lo: what is known (where less than `least_coverage` of the area is seen, only the part that was seen); hi: the same, once enough is known
//   maximum  lo: the largest value known; hi: the same, once enough is known
//   minimum  hi: the smallest value known; lo: the same, once enough is known
//   mean     both, once enough is known
//   each     the value itself, where enough of the area is seen; likewise a sum, where the series is one of sums over that window
// Enough: `least_coverage` of the window's area and time. O(pieces x regions) to load a member (times log of the longest window for extremes), O(regions) a
// window. What the leading pieces that all members share give (what was observed) is made once for a block.
class WindowValues {
 public:
  WindowValues(const SeriesAxis& axis, AxisNeeds needs, double least_coverage, std::size_t block);
  void load_block(std::size_t begin, std::size_t n);
  void load_member(std::size_t member);  // again: nothing, when it is the one loaded
  // n values each: in the space given, or where they are anyway. O(n).
  Bounds get(Aggregate aggregate, const AxisWindow& window, float* lo, float* hi) const;
  void observed_part(const AxisWindow& window, float* out) const;                  // of a sum
  bool observed_by_all() const { return is_summed_ || observed_end_ <= shared_; }  // it is the same in all members

 private:
  void load_known();
  void load_totals(std::size_t from);
  void load_extremes(std::size_t from);
  bool enough_for_all(const AxisWindow& w) const;
  double known_seconds(const AxisWindow& w, std::size_t k) const;
  Bounds each(const AxisWindow& w, float* lo, float* hi) const;
  Bounds between(const AxisWindow& w, float* lo, float* hi) const;
  void load_values(std::size_t piece, float* low, float* high) const;

  const SeriesAxis& axis_;
  AxisNeeds needs_;
  double least_coverage_;
  bool is_amount_, is_summed_;  // summed: over windows, by the series itself
  PartlySeen partly_;
  std::size_t block_, begin_ = 0, n_ = 0;
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);
  std::size_t member_ = kNobody;
  std::size_t shared_ = 0;          // leading pieces that are the same in all members
  std::size_t observed_end_ = 0;    // pieces that were observed
  bool shared_loaded_ = false;      // of this block
  std::vector<const float*> rows_;  // by piece: the member's values of the block
  std::vector<char> full_;          // by piece: all of the block is seen
  std::vector<char> clean_;         // by piece: it is, and this member lacks none of it
  // Filled only where something is not seen: piece x block, seen share of the area, 0 where the value is missing in all futures.
  std::vector<float> known_;
  bool all_full_ = true, lost_ = false;
  std::vector<double> known_time_, member_known_time_;  // running sums before each piece, (pieces + 1) x block, s
  std::vector<double> totals_;
  std::vector<float> member_known_;                  // piece x block
  mutable std::vector<float> unused_, also_unused_;  // where bounds go that nobody asks for, or that are made for a moment
  ExtremeTable largest_, smallest_;
};

}  // namespace guyu
