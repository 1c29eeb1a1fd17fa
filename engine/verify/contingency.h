#pragma once
#include <cstddef>
#include <optional>

namespace guyu {

// Yes/no forecasts against what happened. A score whose denominator is zero is NaN: with nothing to judge by there is no score.
// Source: Jolliffe and Stephenson (2012), Forecast Verification, chapter 3.
struct Contingency {
  std::size_t hits = 0, misses = 0, false_alarms = 0, correct_negatives = 0;
  std::size_t unjudged = 0;  // forecast or event unknown; enters no score

  // nullopt: unknown.
  void add(std::optional<bool> forecast, std::optional<bool> event);
  Contingency& operator+=(const Contingency& o);

  std::size_t judged() const { return hits + misses + false_alarms + correct_negatives; }
  double detection() const;    // POD = hits / (hits + misses), 1 is best
  double false_ratio() const;  // FAR = false alarms / (hits + false alarms), 0 is best
  double success() const;      // CSI = hits / (hits + misses + false alarms), 1 is best
  double bias() const;         // (hits + false alarms) / (hits + misses), 1 is best
};

}  // namespace guyu
