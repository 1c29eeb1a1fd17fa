#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/region/risk_table.h"

namespace guyu {

enum class RainOrigin { observed, extrapolated, forecast };

// Rain of all regions over one interval: area mean (mm) over the valid part, NaN when no part is valid, and
// the valid share of the area, 0..1. Where an ensemble tells the rain, members_mm holds each member's amounts
// and amount_mm their mean; the coverage is that of all.
struct RainPiece {
  Interval interval;
  RainOrigin origin = RainOrigin::observed;
  std::vector<float> amount_mm, coverage;
  std::vector<std::vector<float>> members_mm;  // by member, then region; empty: the same rain in all futures
  const std::vector<float>& amount_of(std::size_t member) const { return members_mm.empty() ? amount_mm : members_mm[member]; }
};

// What a cycle knows of the rain, past and to come. Pieces are in order and do not overlap; time between them
// is unknown.
struct RainSeries {
  TimePoint issue{};
  TimePoint horizon{};                   // the run undertakes to answer up to here
  std::optional<TimePoint> observed_to;  // end of the newest observation
  std::size_t regions = 0;
  std::vector<RainPiece> pieces;
  std::size_t members = 1;  // possible futures; the pieces that have members have so many
};

// What the archive makes of the share of the members that reach a level in a region; non-decreasing in it.
using CalibratedProbability = std::function<float(std::size_t region, Level level, float share)>;

// Decides levels. Pure: no files, clock, threads of its own or memory between calls.
class HazardModel {
 public:
  virtual ~HazardModel() = default;
  virtual std::string hazard() const = 0;
  virtual Seconds history_needed() const = 0;  // how far back of the issue time evaluate() looks
  // One row per region, in order of regions.
  virtual std::vector<RiskRow> evaluate(const RainSeries& rain) const = 0;
};

}  // namespace guyu
