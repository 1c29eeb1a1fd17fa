#pragma once
#include <optional>
#include <vector>

#include "models/rules/rule.h"
#include "models/rules/rule_pack.h"
#include "models/rules/series_axis.h"

namespace guyu {

// A moment at which a condition is looked at.
struct Sample {
  TimePoint end{};
  Interval value{};                   // what is aggregated; of `each`, a moment (begin == end)
  std::optional<Interval> earlier{};  // of a change: the same before
  bool counts = true;                 // else it only tells of what lasted until the ones that count
  bool past = false;                  // observed before the issue time: counts if it may go on
  bool in_time = true;                // of season and hours
};

// Of the rule's season and hours.
bool is_in_time(const Rule& rule, TimePoint t, Seconds utc_offset);

// When the rule looks, in order. Windows of a sum end where either side of them stands at the end of a piece; other conditions are looked at at the
// ends of pieces and of the gaps between them; a rule that is decided daily at its time of day.
struct SampleTimes {
  TimePoint issue{}, end{};  // (issue, end] counts
  Seconds continuing_within{0}, utc_offset{0};
};
// The ends at which a condition by itself is looked at, from `from` on. axis: nullptr when there is no series.
std::vector<TimePoint> sample_ends(const Rule& rule, const Condition& condition, const SeriesAxis* axis, const SampleTimes& times, TimePoint from);
// Moments up to times.end at which rules of the pack look at what falls in each place, whatever the steps of its series: windows must end there too.
std::vector<TimePoint> place_moments(const RulePack& pack, const SampleTimes& times);
// A sample for each end.
std::vector<Sample> samples_of(const Rule& rule, const Condition& condition, const SeriesAxis* axis, const std::vector<TimePoint>& ends,
                               const SampleTimes& times);
// How far back of the issue time a condition looks.
Seconds look_back(const Rule& rule, const Condition& condition, Seconds continuing_within);

}  // namespace guyu
