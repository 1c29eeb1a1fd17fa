#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace guyu {

// Yes/no forecasts against what happened. A score whose denominator is zero is NaN: with nothing to judge by
// there is no score. Source: Jolliffe and Stephenson (2012), Forecast Verification, chapter 3; SEDI: Ferro
// and Stephenson (2011), Weather and Forecasting 26.
struct Contingency {
  std::size_t hits = 0, misses = 0, false_alarms = 0, correct_negatives = 0;
  std::size_t unjudged = 0;  // forecast or event unknown; enters no score

  // nullopt: unknown.
  void add(std::optional<bool> forecast, std::optional<bool> event);
  Contingency& operator+=(const Contingency& o);
  bool operator==(const Contingency&) const = default;

  std::size_t judged() const { return hits + misses + false_alarms + correct_negatives; }
  double detection() const;        // POD = hits / (hits + misses), 1 is best
  double false_ratio() const;      // FAR = false alarms / (hits + false alarms), 0 is best
  double false_detection() const;  // POFD = false alarms / (false alarms + correct negatives), 0 is best
  double success() const;          // CSI = hits / (hits + misses + false alarms), 1 is best
  double bias() const;             // (hits + false alarms) / (hits + misses), 1 is best
  // ETS = GSS = (hits - r) / (hits + misses + false alarms - r) with the hits r of a random forecast of the
  // same frequency; 1 is best
  double equitable() const;
  // HSS: share of right answers beyond those of a random forecast; 1 is best, 0 is chance
  double heidke() const;
  // SEDI = (ln F - ln H - ln(1-F) + ln(1-H)) / (ln F + ln H + ln(1-F) + ln(1-H)), H = POD, F = POFD: 1 is
  // best, 0 is chance, and it does not fade as events grow rare. NaN where H or F is 0 or 1: its logarithm
  // has no value.
  double extremal_dependency() const;
};

enum class EventRule {
  at_least,  // value >= threshold
  above,     // value > threshold
};
inline bool is_event(float value, float threshold, EventRule rule) { return rule == EventRule::at_least ? value >= threshold : value > threshold; }

// The table of two fields; pairs in which either is NaN are unjudged. O(n); the same for any number of
// threads.
Contingency contingency(std::span<const float> forecast, std::span<const float> observation, double threshold, EventRule rule = EventRule::at_least);

}  // namespace guyu
