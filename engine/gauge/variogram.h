#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "engine/regrid/ground_point.h"

namespace guyu {

// The spherical model, without direction, of a field of variance 1: correlation (1 - nugget) (1 - 1.5 h/a + 0.5 (h/a)^3) below the range a, 0 beyond.
// Kriging weights do not depend on the variance. The nugget is what a gauge of 200 cm2 tells of itself and not of the square kilometres about it: it is
// filtered, so that a merged field is smooth; with nugget 0 it meets every gauge. The model has an end, so far gauges cost nothing.
struct Variogram {
  double range_km = 30;
  double nugget = 0.1;  // share of the variance, 0 <= nugget < 1
  // Between two different places that lie sqrt(squared) km apart.
  double covariance(double squared) const {
    if (squared >= range_km * range_km) return 0;
    const double h = std::sqrt(squared) / range_km;
    return (1 - nugget) * (1 - h * (1.5 - 0.5 * h * h));
  }
};

struct VariogramSettings {
  std::size_t bins = 12;
  std::size_t most_points = 600;                   // more are thinned to every k-th: pairs grow with the square
  double longest_km = 100;                         // pairs further apart are not looked at; nor those beyond half of the points' extent
  double least_range_km = 4, most_range_km = 100;  // and no longer than the pairs that are looked at
  double most_nugget = 0.5;
};

// Fitted to values at places: the robust estimate of Cressie and Hawkins (Math. Geology 12, 1980) in bins of distance, and weighted least squares of
// Cressie (Math. Geology 17, 1985) over a fixed table of ranges and nuggets, which cannot run astray. nullopt when fewer than four bins hold 10 pairs, or
// when the values do not differ. NaN values are left out. O(min(n, most_points)^2); the same for any number of threads.
std::optional<Variogram> fit_variogram(std::span<const GroundPoint> places, std::span<const double> values, const VariogramSettings& settings = {});

}  // namespace guyu
