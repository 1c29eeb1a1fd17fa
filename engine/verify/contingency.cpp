#include "engine/verify/contingency.h"

#include <limits>

namespace guyu {
namespace {

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void Contingency::add(std::optional<bool> forecast, std::optional<bool> event) {
  if (!forecast || !event) ++unjudged;
  else if (*event) ++(*forecast ? hits : misses);
  else ++(*forecast ? false_alarms : correct_negatives);
}

Contingency& Contingency::operator+=(const Contingency& o) {
  hits += o.hits, misses += o.misses, false_alarms += o.false_alarms, correct_negatives += o.correct_negatives, unjudged += o.unjudged;
  return *this;
}

double Contingency::detection() const { return ratio(hits, hits + misses); }
double Contingency::false_ratio() const { return ratio(false_alarms, hits + false_alarms); }
double Contingency::success() const { return ratio(hits, hits + misses + false_alarms); }
double Contingency::bias() const { return ratio(hits + false_alarms, hits + misses); }

}  // namespace guyu
