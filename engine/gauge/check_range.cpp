#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/gauge/quality_check.h"

namespace guyu::quality {
namespace {

// What tables write for "missing"; readers know the signs of their formats, but a table may use others.
bool is_missing_sign(double v) {
  static constexpr std::array kSigns{999.9, 9999.0, 9998.0, 9999.9, 99999.0, 999999.0, 999990.0, 32766.0, 32767.0, 65535.0};
  return std::any_of(kSigns.begin(), kSigns.end(), [&](double sign) { return std::abs(std::abs(v) - sign) < 1e-3; });
}

}  // namespace

void check_range(Check check) {
  const StationSeries& series = check.series();
  for (std::size_t t = 0; t < series.times.size(); ++t) {
    const QualityLimits limits = limits_of(series, series.times[t], check.settings);
    for (std::size_t s = 0; s < series.stations.size(); ++s) {
      const auto v = static_cast<double>(series.at(s, t));
      if (std::isnan(v)) continue;
      const bool low = limits.least && v < *limits.least, high = limits.most && v > *limits.most;
      const bool sign = is_missing_sign(v) && series.quantity.name == "precipitation_amount";  // other quantities may be 999.9 of something
      if (!low && !high && !sign && std::isfinite(v)) continue;
      const std::string unit = series.quantity.unit;
      if (is_missing_sign(v)) check.condemn(QualityFlag::range, s, t, fmt::format("{:g} is a sign for missing", v));
      else if (low) check.condemn(QualityFlag::range, s, t, fmt::format("{:g} {} is below {:g}, the least that is possible", v, unit, *limits.least));
      else check.condemn(QualityFlag::range, s, t, fmt::format("{:g} {} is above {:g}, the most that is possible", v, unit, limits.most.value_or(0)));
    }
  }
}

}  // namespace guyu::quality
