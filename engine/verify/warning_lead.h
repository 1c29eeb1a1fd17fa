#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// Rain of one place over one interval, mm: a step of what was observed. NaN: unknown.
struct RainStep {
  Interval interval;
  double amount_mm = 0;
};

// So much rain within so long makes the event.
struct RainCriterion {
  Seconds window{0};
  double threshold_mm = 0;
};

// When a place's rain stood at one of the criteria, seen at the ends of the steps.
struct Spells {
  std::vector<Interval> reached;  // from the first to the last step's end of each unbroken row of ends that reach a criterion
  // When no criterion was reached, but not enough is known to exclude it: an end of a step (begin = end), or the time between two steps that do not join.
  std::vector<Interval> unsure;
  // Whether any of it lies within (from, to].
  bool unsure_within(TimePoint from, TimePoint to) const;
};
// At each end of a step in (from, to] the rain of each criterion's window that ends there is summed; steps
// that stick out count by their share of time. Reached: what is known alone is enough. Excluded: at least
// `least_known` of the window's time is known. Steps are ordered and do not overlap; time between them is
// unknown, time before `dry_before` without rain. O(steps x steps in a window).
Spells rain_spells(std::span<const RainStep> steps, std::span<const RainCriterion> criteria, const Interval& from_to, double least_known,
                   TimePoint dry_before = TimePoint::min());

// One warning of one place and level: from its issue to the end of the time that it speaks of.
struct WarningSpan {
  TimePoint issue{}, end{};
};

// Warnings against what came, at one place and level.
//   A warning is right when a spell touches its window [issue, end]; false when none does and the whole
//   window is sure; else unjudged. A spell is warned of when a right warning's window touches it. Its lead is
//   from the first such warning's issue to its begin; at or below zero the warning came late. Spells that
//   begin at or before `from`, the first issue time, are not counted: nobody could warn of them.
struct WarningScore {
  std::size_t right = 0, false_alarms = 0, unjudged = 0;  // warnings
  std::size_t hits = 0, misses = 0;                       // spells; hits include the late ones
  std::size_t late = 0;
  std::vector<double> lead_minutes;  // of the hits, in order
  WarningScore& operator+=(const WarningScore& o);
  double detection() const;    // POD = hits / (hits + misses)
  double false_ratio() const;  // FAR = false / (right + false)
  double median_lead() const;  // minutes; NaN without hits
};
// `sure`: the observations' time; a warning that reaches beyond it is unjudged when nothing came within it.
WarningScore match_warnings(std::span<const WarningSpan> warnings, const Spells& spells, TimePoint from, const Interval& sure);

}  // namespace guyu
