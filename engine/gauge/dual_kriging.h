#pragma once
#include <optional>
#include <span>
#include <vector>

#include "engine/gauge/variogram.h"

namespace guyu {

// Kriging in its dual form (Wackernagel, Multivariate Geostatistics, 3rd ed. 2003, ch. 3 and 37): one factorisation of the n x n covariances, then each
// place costs one sum over the gauges within the range. Without a drift this is ordinary kriging, with one it is kriging with external drift: the mean is
// intercept + slope x drift, both by generalised least squares. With a nugget the noise of the gauges is filtered (Variogram).
class DualKriging {
 public:
  // n values at n places, none NaN; drift: n numbers, or none for ordinary kriging. nullopt when there is no value, or when the drift does not vary. Two
  // gauges at one place are no harm: their noise is never quite 0. O(n^3).
  static std::optional<DualKriging> fit(std::span<const GroundPoint> places, std::span<const double> values, std::span<const double> drift,
                                        const Variogram& variogram);

  // The estimate at a place; drift is not looked at in ordinary kriging. O(n).
  double at(const GroundPoint& place, double drift = 0) const;
  double intercept() const { return intercept_; }
  double slope() const { return slope_; }  // 0 in ordinary kriging

 private:
  Variogram variogram_;
  std::vector<GroundPoint> places_;
  std::vector<double> weights_;  // C^-1 (values - mean)
  double intercept_ = 0, slope_ = 0;
};

}  // namespace guyu
