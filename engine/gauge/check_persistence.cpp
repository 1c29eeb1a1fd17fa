#include <fmt/format.h>

#include <cmath>

#include "engine/gauge/quality_check.h"

namespace guyu::quality {

namespace {

void check_runs(Check& check, std::size_t s, const std::vector<std::size_t>& times) {
  const StationSeries& series = check.series();
  for (std::size_t begin = 0; begin < times.size();) {
    const float v = series.at(s, times[begin]);
    std::size_t last = begin, count = std::isnan(v) ? 0 : 1;
    for (std::size_t k = begin + 1; count > 0 && k < times.size(); ++k) {
      const float next = series.at(s, times[k]);
      if (std::isnan(next)) continue;
      if (next != v) break;
      last = k, ++count;
    }
    const QualityLimits limits = limits_of(series, series.times[times[begin]], check.settings);
    const Seconds lasted = series.times[times[last]].end - series.times[times[begin]].end;
    if (limits.stuck_from && double{v} >= *limits.stuck_from && count >= limits.stuck_values && lasted >= limits.stuck_time) {
      for (std::size_t k = begin; k <= last; ++k) {
        if (std::isnan(series.at(s, times[k]))) continue;
        check.condemn(QualityFlag::persistence, s, times[k], fmt::format("{:g} {} came {} times in a row", v, series.quantity.unit, count));
      }
    }
    begin = last + 1;
  }
}

}  // namespace

// Runs of one value. A missing value within a run neither breaks nor lengthens it.
void check_persistence(Check check) {
  for (const std::vector<std::size_t>& times : times_by_length(check.series())) {
    for (std::size_t s = 0; s < check.series().stations.size(); ++s) check_runs(check, s, times);
  }
}

}  // namespace guyu::quality
