#pragma once
#include <vector>

#include "engine/verify/probability_table.h"

namespace guyu {

// ROC: what share of the events, and of the rest, is warned of when a warning goes out from k of M members
// on; k = M + 1 (never) to 0 (always), so that the curve runs from (0, 0) to (1, 1). NaN where there was no
// event, or nothing else. Source: Mason (1982), Australian Meteorological Magazine 30.
struct RocPoint {
  double false_detection = 0, detection = 0;  // POFD, POD
};
std::vector<RocPoint> roc_curve(const ProbabilityTable& table);
// Area below the curve, by trapezoids: 1 is best, 1/2 is chance. With ties halved it is the chance that an
// event got a higher probability than a non-event.
double roc_area(const ProbabilityTable& table);

// The area as pysteps gives it, for comparisons: by trapezoids over `steps` thresholds of probability, evenly
// from 0 to 1, and the end at (0, 0). With fewer steps than members it cuts corners of the curve. steps > 1.
double roc_area_of_steps(const ProbabilityTable& table, std::size_t steps);

}  // namespace guyu
