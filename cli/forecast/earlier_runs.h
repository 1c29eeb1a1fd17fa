#pragma once
#include <string>
#include <vector>

#include "cli/forecast/calibrating_sink.h"
#include "cli/forecast/township_series.h"

namespace guyu::cli {

// The newest runs of a store with a reference time before `before`, newest first, at most `most`.
std::vector<TimePoint> runs_before(const FieldStore& store, TimePoint before, std::size_t most);

// A selection from one run alone, as it was: none of its steps comes from another. Files that arrived after `arrived_by` do not exist. Indices are those of
// the store's entries.
ForecastSelection select_run(const FieldStore& store, ForecastRequest request, TimePoint reference, TimePoint arrived_by = TimePoint::max());

// Gives the members of the runs before `newest` to probabilities that count them together, at the steps over the very same time.
void add_earlier_runs(FieldStore& store, const ForecastRequest& request, const SeriesLayout& layout, TimePoint newest, TimePoint arrived_by,
                      TownshipDownscaler& downscale, std::size_t regions, CalibratingSink& calibrate, std::vector<std::string>& problems);

}  // namespace guyu::cli
