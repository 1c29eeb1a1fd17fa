#pragma once
#include <vector>

#include "models/rules/window_values.h"

namespace guyu {

// The same as WindowValues for one region and one member, bit by bit, read plainly: a value is looked up when it is asked for, sums are made when the first one
// is.
class RegionValues {
 public:
  RegionValues(const SeriesAxis& axis, double least_coverage);
  void load(std::size_t region, std::size_t member);
  // O(1) for `each`; O(pieces) for the first other one, and then O(pieces of the window) for extremes, O(1) for sums.
  ValueRange get(Aggregate aggregate, const AxisWindow& window);
  float observed_part(const AxisWindow& window);
  float known_share(const AxisWindow& window);

 private:
  struct Seen {
    float value, known;  // known: share of the area, 0 where the value is missing in all futures
    bool missing() const { return value != value; }
  };
  bool is_summed() const { return axis_.series().window.count() > 0; }  // over windows, by the series itself
  Seen see(std::size_t piece) const;
  ValueRange range_of(const Seen& s) const;
  void read_all();
  double known_seconds(const AxisWindow& w) const;
  bool enough_for_all(const AxisWindow& w) const;

  const SeriesAxis& axis_;
  double least_coverage_;
  PartlySeen partly_;
  std::size_t region_ = 0, member_ = 0;
  const float* const* rows_;  // of the member
  bool all_read_ = false, all_full_ = true, lost_ = false;
  std::vector<double> totals_, known_time_;  // running sums before each piece
  std::vector<ValueRange> ranges_;           // by piece
  std::vector<char> full_;
};

}  // namespace guyu
