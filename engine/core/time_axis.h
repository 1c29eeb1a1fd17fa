#pragma once
#include <optional>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// The steps of a series: instants, or intervals (begin, end] over which an accumulation, mean or extreme holds. Ends rise strictly and
// begins never fall; intervals may overlap (amounts since the start of a forecast do) or leave gaps.
class TimeAxis {
 public:
  // Throws Error naming the first step that breaks the order, is an interval among instants or an instant among intervals.
  TimeAxis(TimeKind kind, std::vector<Interval> steps);

  TimeKind kind() const { return kind_; }
  std::size_t size() const { return steps_.size(); }
  const Interval& operator[](std::size_t k) const { return steps_[k]; }
  const std::vector<Interval>& steps() const { return steps_; }
  // The very step; nullopt when it is not there. O(log steps), like the others.
  std::optional<std::size_t> find(const Interval& step) const;
  // The instant t itself, or the interval with the earliest end that holds t; nullopt when none does.
  std::optional<std::size_t> at(TimePoint t) const;
  // True when each interval begins where the one before it ends. Instants never do.
  bool is_contiguous() const;
  bool operator==(const TimeAxis&) const = default;

 private:
  TimeKind kind_;
  std::vector<Interval> steps_;
};

// Days as a weather service counts them: from a local hour to the same hour of the next day. Chinese services use 08-08 and 20-20
// Beijing time (UTC+8). Both hours belong to one offset; there is no daylight saving time.
struct LocalDay {
  int hour = 8;  // 0 to 23
  Seconds utc_offset = Seconds{8 * 3600};
  // The day (begin, end] that holds t: the boundary itself belongs to the day that it ends.
  Interval holding(TimePoint t) const;
  // The days that lie wholly inside the span, in order; as steps of an accumulation. May be none.
  std::vector<Interval> inside(const Interval& span) const;
};

}  // namespace guyu
