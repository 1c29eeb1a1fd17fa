#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/region/hazard_inputs.h"

namespace guyu {

// A moment on an axis: `part` of the piece has gone by. In a gap: piece is the one after it, part 0.
struct AxisPlace {
  std::size_t piece = 0;
  double part = 0;
};

// The pieces of a series that overlap a stretch of time, and the time that each speaks for. An interval speaks for itself; an instant for the time since the
// one before it, unless that is a gap: longer than half as much again as the steps on either side of it. Time that no piece speaks for is unknown.
class SeriesAxis {
 public:
  SeriesAxis(const HazardSeries& series, const Interval& needed);
  const HazardSeries& series() const { return *series_; }
  std::size_t size() const { return spans_.size(); }
  const Interval& span(std::size_t piece) const { return spans_[piece]; }
  const SeriesPiece& piece(std::size_t k) const { return series_->pieces[first_ + k]; }
  // The values of a future by piece, each by region: found at once, where SeriesPiece::of goes by way of the piece and its members.
  const float* const* rows(std::size_t future) const { return rows_.data() + future % futures_ * spans_.size(); }
  TimePoint observed_to() const { return observed_to_; }                   // end of the leading pieces that were observed; TimePoint::min(): none
  AxisPlace place(TimePoint t) const;                                      // O(log pieces), like the others
  std::pair<std::size_t, std::size_t> over(const Interval& window) const;  // first piece that overlaps it, and one past the last
  double share_covered(const Interval& window) const;                      // of its time, by whatever pieces there are

 private:
  const HazardSeries* series_;
  std::size_t first_ = 0;
  std::vector<Interval> spans_;
  std::size_t futures_ = 1;  // after which the members of all pieces come in turn again
  std::vector<const float*> rows_;
  TimePoint observed_to_ = TimePoint::min();
};

}  // namespace guyu
