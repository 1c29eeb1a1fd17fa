#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/gauge/dual_kriging.h"
#include "engine/gauge/mean_field_bias.h"
#include "engine/gauge/merge_method.h"
#include "engine/gauge/rain_pairs.h"

namespace guyu {

struct MergeSettings {
  MergeMethod method = MergeMethod::external_drift;
  MeanFieldBiasSettings bias;
  double wet_mm = 0.1;                // less is dry
  std::size_t least_for_drift = 5;    // pairs; of them at least 3 wet gauges
  std::size_t least_for_kriging = 3;  // pairs, for conditional merging
  // Beyond reach_km of every gauge the radar is only multiplied by the mean field bias, and a place that the radar does not see is missing; between half
  // the reach and the reach the gauges' say fades.
  double reach_km = 40;
  bool fill_gaps = true;  // gauges speak for places within reach that the radar does not see
  // An estimate above every gauge may be this many times the bias-corrected radar, and where the radar is above all that it saw at gauges, as many times
  // less: a regression over a handful of gauges is no guide to the peak that a warning hangs on.
  double most_beyond = 3;
  std::optional<Variogram> variogram;           // else fitted
  std::size_t least_for_variogram = 30;         // pairs; with fewer the radar's own structure stands in (Schiemann et al., HESS 15, 2011)
  Variogram default_variogram{};                // when that shows none either
  std::size_t most_global = 500;                // pairs in one system; more are kriged in neighbourhoods
  std::size_t neighbours = 100;                 // of each neighbourhood
  std::int64_t least_neighbourhood_cells = 16;  // between the centres of neighbourhoods
};

// What is done with one field, and why: chosen from all its pairs, the same everywhere in the field.
struct MergePlan {
  MergeMethod wanted = MergeMethod::radar_alone, method = MergeMethod::radar_alone;
  std::string reason;  // why not as wanted; empty when it is
  MeanFieldBias bias;
  Variogram variogram;
  std::string variogram_from;         // "settings", "gauges", "radar", "default"
  std::size_t gauges = 0, pairs = 0;  // with an amount; of them seen by the radar
};

// The structure of the radar's rain, from every k-th cell; nullopt when it is dry or too small. O(most_points^2).
std::optional<Variogram> radar_variogram(const Field& radar);

// Falls back by rule: external drift needs least_for_drift pairs, 3 wet gauges, a radar that differs between gauges and a slope above 0; conditional merging
// least_for_kriging pairs; mean field bias one wet pair; radar alone nothing. O(n^3) up to most_global pairs.
MergePlan plan_merge(std::span<const RainPair> pairs, const std::optional<Variogram>& radar_structure, const MergeSettings& settings);

// The merging of a plan with some of the pairs: all, or a neighbourhood of them.
//   mean field bias  F R
//   conditional      F R + OK(G - F R) (Sinclair and Pegram, Atmos. Sci. Lett. 6, 2005: OK(G) + R - OK(R), which is the same where both are kriged with one
//                    variogram, on the radar after its mean bias is gone)
//   external drift   universal kriging of G with mean a + b R (Haberlandt, J. Hydrol. 332, 2007; Hengl et al., Comput. Geosci. 33, 2007)
// Never below 0; 0 where the radar is dry and the nearest gauge is dry too. Where the radar is missing: ordinary kriging of all the gauges within reach,
// else NaN. A neighbourhood in which external drift has no slope above 0 is merged conditionally.
class MergeModel {
 public:
  MergeModel(const MergePlan& plan, std::span<const RainPair> pairs, const MergeSettings& settings);
  // mm; O(n)
  double at(const GroundPoint& place, double radar_mm) const;

 private:
  double near_gauges(const GroundPoint& place, double radar_mm) const;
  double bounded(double estimate, double radar_mm) const;

  MergeSettings settings_;
  MergeMethod method_;
  double factor_;
  std::optional<DualKriging> main_, gap_;
  std::vector<GroundPoint> places_;
  std::vector<char> dry_;  // gauges
  double most_gauge_ = 0, most_radar_ = 0;
};

// The `most` pairs nearest to a place, in their order; all of them when there are no more.
std::vector<RainPair> nearest_pairs(std::span<const RainPair> pairs, const GroundPoint& place, std::size_t most);

}  // namespace guyu
