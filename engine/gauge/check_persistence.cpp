#include <fmt/format.h>

#include <cmath>

#include "engine/gauge/quality_check.h"

namespace guyu::quality {

// Runs of one value. A missing value within a run neither breaks nor lengthens it.
void check_persistence(Check check) {
  const StationSeries& series = check.series();
  const std::size_t n = series.times.size();
  for (std::size_t s = 0; s < series.stations.size(); ++s) {
    for (std::size_t begin = 0; begin < n;) {
      const float v = series.at(s, begin);
      std::size_t last = begin, count = std::isnan(v) ? 0 : 1;
      for (std::size_t t = begin + 1; count > 0 && t < n; ++t) {
        const float next = series.at(s, t);
        if (std::isnan(next)) continue;
        if (next != v) break;
        last = t, ++count;
      }
      if (count > 0) {
        const QualityLimits limits = limits_of(series, series.times[begin], check.settings);
        const Seconds lasted = series.times[last].end - series.times[begin].end;
        if (limits.stuck_from && double{v} >= *limits.stuck_from && count >= limits.stuck_values && lasted >= limits.stuck_time) {
          for (std::size_t t = begin; t <= last; ++t) {
            if (!std::isnan(series.at(s, t))) {
              check.condemn(QualityFlag::persistence, s, t, fmt::format("{:g} {} came {} times in a row", v, series.quantity.unit, count));
            }
          }
        }
      }
      begin = last + 1;
    }
  }
}

}  // namespace guyu::quality
