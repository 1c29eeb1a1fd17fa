#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/verify/ensemble_view.h"

namespace guyu {

// Whether the ensemble's spread tells its mean's error. For members that are draws of the same distribution
// as the truth
//   RMSE of the mean = sqrt((M + 1) / M) x root mean variance, the variance divided by M - 1.
// Judged are places where the observation or the ensemble mean is at least `least`: elsewhere both are dry
// and agree cheaply. Source: Fortin et al. (2014), Journal of Hydrometeorology 15.
struct SpreadSkill {
  static constexpr std::size_t kBins = 12;
  // Places by their spread: bin 0 below kFirst, then a factor 2 a bin; for the plot.
  static constexpr double kFirst = 0.0625;
  struct Bin {
    std::uint64_t count = 0;
    double variance = 0, square_error = 0;  // sums
  };
  std::size_t judged = 0, dry = 0, unjudged = 0;  // places; dry: known, but below `least`
  double variance = 0, square_error = 0;          // sums, in squared units
  double factor = 1;                              // sqrt((M + 1) / M)
  Bin bins[kBins];

  SpreadSkill& operator+=(const SpreadSkill& o);
  double spread() const;  // root of the mean variance; NaN when nothing was judged
  double error() const;   // RMSE of the ensemble mean
  double ratio() const;   // factor x spread / error: below 1 the ensemble is overconfident
};

// Two members at least. O(places x M); the same for any number of threads.
SpreadSkill spread_skill(EnsembleView members, std::span<const float> observation, double least);

// The mean of the members; NaN where a member is missing. `mean` is as long as the members.
void ensemble_mean(EnsembleView members, std::span<float> mean);

}  // namespace guyu
