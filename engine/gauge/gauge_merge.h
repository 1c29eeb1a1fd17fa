#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/gauge/leave_one_out.h"
#include "engine/gauge/merge.h"
#include "engine/gauge/quality_control.h"
#include "engine/gauge/station_series.h"

namespace guyu {

// The whole way from stations and radar to merged rain: quality control, sums over the wanted intervals, merging, leave-one-out scores.
struct GaugeMergeSettings {
  QualitySettings quality;  // its witness is made here, from the radar
  MergeSettings merge;
  bool scores = true;  // leave one out: n + 1 fits instead of one
};

struct GaugeMerge {
  std::vector<MergedRain> merged;  // one an interval, in their order; where no radar fills it, of gauges alone
  StationSeries gauges;            // sums over the intervals after quality control
  // Findings of single reports, and of the sums against their neighbours; their stations are those of `gauges`, their times those of `reported` and `gauges`.
  std::vector<QualityFinding> report_findings, sum_findings;
  std::vector<Interval> reported;                   // the times of the stations' own reports
  std::size_t values_before = 0, values_after = 0;  // of the reports
  std::vector<LeaveOneOutScore> scores;             // over all intervals with radar; empty when not wanted
  Agreement gauges_alone;                           // of ordinary kriging without the radar, at the same gauges
  std::vector<std::string> notes;                   // intervals without radar, methods that fell back
};

// radar: rain amounts of one grid, at least one, ascending and without overlap (observed_amounts). stations: rain amounts. Throws Error when there is no radar
// field, when the stations give no amounts, or when the settings cannot be.
GaugeMerge merge_gauges(const std::vector<Field>& radar, const StationSeries& stations, const std::vector<Interval>& wanted,
                        const GaugeMergeSettings& settings = {});

// Intervals of a length that follow one another up to the end of the last report, earliest first: as many as lie within the reports.
std::vector<Interval> intervals_up_to_last(const StationSeries& stations, Seconds length);
// The length that most of the series' intervals have; 0 when it has none.
Seconds usual_length(const StationSeries& stations);

// The sum of those amounts that fill the interval without gap; a cell missing in one of them is missing. nullopt when they do not fill it. O(cells x parts).
std::optional<Field> sum_over(const std::vector<Field>& amounts, const Interval& interval);

}  // namespace guyu
