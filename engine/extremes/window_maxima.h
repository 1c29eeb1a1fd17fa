#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// The largest values of each calendar year (UTC) from a long record that is fed once, piece by piece: sums over rolling windows, or the values themselves.
struct WindowMaximaOptions {
  std::vector<Seconds> windows;  // ascending; of sums. Empty: the values as they are, one "window"
  std::size_t peaks_a_year = 0;  // besides the largest, so many peaks that lie at least `separation` apart, for peaks over threshold; 0: none
  Seconds separation{2 * 86400};
};

class WindowMaxima {
 public:
  WindowMaxima(std::size_t regions, WindowMaximaOptions options);
  // Values by region, NaN = missing; intervals in order that do not overlap. A window's sum is known where its two ends are ends of pieces without a gap
  // and without a missing value between; pieces longer than a window never tell it. O(regions x windows), regions in parallel; memory of one longest window.
  // Throws Error for a piece that begins before the last one's end, an instant where sums are wanted, or another number of values.
  void add(const Interval& time, std::span<const float> values);
  void finish();  // after the last piece

  const std::vector<int>& years() const { return years_; }  // ascending, those with any piece
  std::size_t windows() const { return sums_ ? options_.windows.size() : 1; }
  // Largest value of a year; NaN where less than `least_known` of the year's time had one.
  double largest(std::size_t window, std::size_t year, std::size_t region, double least_known) const;
  // Time with a known value, in years; over all years.
  double known_years(std::size_t window, std::size_t region) const;
  // All peaks kept, largest first. At most peaks_a_year of one year.
  std::vector<double> peaks(std::size_t window, std::size_t region) const;

 private:
  struct Year {
    std::vector<float> largest, known_s, peaks;  // by window, then region (then peak)
  };
  struct Snapshot {
    TimePoint at{};
    std::vector<double> sum;
    std::vector<std::int32_t> lost;
  };
  std::size_t year_of(TimePoint end);
  void commit(std::size_t window, std::size_t region);

  std::size_t regions_;
  WindowMaximaOptions options_;
  bool sums_;
  std::vector<int> years_;
  std::vector<Year> data_;
  std::deque<Snapshot> snapshots_;
  Snapshot spare_;
  TimePoint last_{};
  bool begun_ = false;
  std::vector<float> pending_;  // peak that may still grow
  std::vector<std::int64_t> pending_at_;
  std::vector<std::int32_t> pending_year_;  // -1: none
};

}  // namespace guyu
