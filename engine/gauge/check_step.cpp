#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/gauge/quality_check.h"

namespace guyu::quality {

// A jump that stays may be a front; a jump there and back is a fault. So both neighbours in time are asked, and the ends of a series, which have one, pass.
void check_step(Check check) {
  const StationSeries& series = check.series();
  for (const std::vector<std::size_t>& times : times_by_length(series)) {
    for (std::size_t s = 0; s < series.stations.size(); ++s) {
      for (std::size_t k = 1; k + 1 < times.size(); ++k) {
        const std::size_t t = times[k];
        const QualityLimits limits = limits_of(series, series.times[t], check.settings);
        if (!limits.spike) continue;
        const Seconds span = series.times[times[k + 1]].end - series.times[times[k - 1]].end;
        if (span > Seconds(3 * 3600)) continue;  // in that time everything changes
        const float earlier = series.at(s, times[k - 1]), later = series.at(s, times[k + 1]);
        const double v = double{series.at(s, t)}, before = v - double{earlier}, after = v - double{later};
        if (!(before * after > 0) || !(std::min(std::abs(before), std::abs(after)) > *limits.spike)) continue;  // NaN: not asked
        check.condemn(
            QualityFlag::step, s, t,
            fmt::format("{:g} {} between {:g} and {:g}: a jump there and back of more than {:g}", v, series.quantity.unit, earlier, later, *limits.spike));
      }
    }
  }
}

}  // namespace guyu::quality
