#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/time.h"
#include "engine/region/zonal_statistics.h"

namespace guyu {

// The rain rates of an ensemble over regions: area mean and valid share of the area for each member, step and
// region, taken while the members are made. What falls over any time is integrated member by member, so that
// a member's rain in a long window is one story and not a mixture. 8 bytes for each member, step and region.
// Weights must outlive it.
class RegionEnsemble {
 public:
  // `start`: the newest frame's rates, where all members begin.
  RegionEnsemble(const ZonalWeights& weights, FieldView<const float> start, int members, int steps, Seconds step);
  // One member at step 1 ... steps. Not safe for concurrent calls.
  void add(int member, int step, FieldView<const float> rate);
  // A member that was made elsewhere: rates and coverages of steps 1 ... steps, step by step. Throws Error when the numbers do not fit.
  void put(int member, std::span<const float> rates, std::span<const float> coverages);

  int members() const { return members_; }
  int steps() const { return steps_; }
  Seconds step() const { return step_; }
  std::size_t regions() const { return regions_; }
  // Of one member, steps 1 ... steps, as put() takes them.
  std::span<const float> rates_of(int member) const { return std::span(mean_).subspan(at(member, 1, 0), static_cast<std::size_t>(steps_) * regions_); }
  std::span<const float> coverages_of(int member) const { return std::span(coverage_).subspan(at(member, 1, 0), static_cast<std::size_t>(steps_) * regions_); }
  // At step 0 ... steps, of all regions: mean rate (mm/h, NaN = unknown) and valid share of the area.
  std::span<const float> rates(int member, int step) const { return std::span(mean_).subspan(at(member, step, 0), regions_); }
  std::span<const float> coverages(int member, int step) const { return std::span(coverage_).subspan(at(member, step, 0), regions_); }

  struct Amount {
    float mm = 0;        // over the part of area and time that is known; NaN when nothing is
    float coverage = 0;  // 0 ... 1
  };
  // Rain of a member over (from, to] after the start, the rate linear between steps. Within [0, steps x
  // step].
  Amount amount(int member, std::size_t region, Seconds from, Seconds to) const;
  // The largest amount over windows of this length that begin at a step; coverage of the least known of them.
  // NaN when any is unknown altogether.
  Amount largest(int member, std::size_t region, Seconds window) const;

 private:
  void take(int member, int step, FieldView<const float> rate);
  std::size_t at(int member, int step, std::size_t region) const {
    return (static_cast<std::size_t>(member) * static_cast<std::size_t>(steps_ + 1) + static_cast<std::size_t>(step)) * regions_ + region;
  }
  const ZonalWeights& weights_;
  std::size_t regions_;
  int members_, steps_;
  Seconds step_;
  std::vector<float> mean_, coverage_;
};

// Of all regions, by window and threshold: share of the members whose largest amount over a window of that
// length reaches the threshold, of the members that can tell: those that know `kLeastCoverage` of the area and time of every such window. What is not known is
// never "not reached".
struct RegionProbability {
  static constexpr float kLeastCoverage = 0.8F;
  Seconds window{0};
  std::vector<float> thresholds;                // mm
  std::vector<std::vector<float>> probability;  // [threshold][region]; NaN when fewer than half of the members can tell
  std::vector<float> quantiles;                 // 0 ... 1
  std::vector<std::vector<float>> amount;       // [quantile][region], mm
  std::vector<float> coverage;                  // [region], mean over members
};
RegionProbability region_probability(const RegionEnsemble& ensemble, Seconds window, const std::vector<float>& thresholds, const std::vector<float>& quantiles);

}  // namespace guyu
