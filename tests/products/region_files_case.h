#pragma once
#include <limits>
#include <string>

#include "engine/core/quantity.h"
#include "engine/region/region_set.h"
#include "engine/region/region_table.h"
#include "engine/region/risk_table.h"
#include "products/provenance.h"

// Two townships with Chinese names, one column and one hazard: the first Orange, the second without an answer.
namespace guyu::test {

inline const TimePoint kIssue = parse_time("2024-07-01T03:00:00Z");

inline RegionSet two_towns(const std::string& crs = "EPSG:4326", double scale = 1) {
  const auto box = [&](double west) {
    const double s = scale;
    return MultiPolygon{{{{west * s, 30 * s}, {(west + 1) * s, 30 * s}, {(west + 1) * s, 31 * s}, {west * s, 31 * s}, {west * s, 30 * s}}, {}}};
  };
  return {crs, {{"110101001000", "东华门街道", "东城区", box(116)}, {"010101002000", "景山街道", "东城区", box(117)}}, {}};
}

inline RegionTable one_column() {
  const float unknown = std::numeric_limits<float>::quiet_NaN();
  return {kIssue,
          2,
          {{"rain_last_3h",
            "rain",
            quantities::precipitation_amount(),
            "mean",
            TimeKind::accumulation,
            {kIssue - Seconds(10800), kIssue},
            {52.5F, unknown},
            {1, 0}}}};
}

inline RiskTable two_rows() {
  const Interval window{kIssue - Seconds(10800), kIssue};
  return {kIssue,
          {{0, "rainstorm", Level::orange, window, {"rainstorm.orange.3h", window, 50, 52.5, 0, 1, Seconds(0), true}},
           {1, "rainstorm", Level::unknown, window, {}}}};
}

inline Provenance origin() { return {"试验", "1.2.3", "c0ffee", {"in.h5 00ff"}, kIssue}; }

}  // namespace guyu::test
