#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace guyu {

// Peaks over a threshold: independent exceedances come `rate` times a year, and their excess follows the generalised Pareto distribution with
// F(y) = 1 - (1 + shape y / scale)^(-1/shape). The shape's sign is that of Coles (2001).
struct Gpd {
  double threshold = 0, scale = 1, shape = 0;
  double rate = 1;             // peaks a year
  double cdf(double x) const;  // of a peak, x above the threshold
  double quantile(double not_exceeded) const;
  double log_density(double x) const;
};

struct Peak {
  std::size_t index = 0;  // where in the series
  double value = 0;
};
// Runs declustering: exceedances with fewer than `separation` steps at or below the threshold between them are one event, which its highest value stands
// for (the first of equals). Missing (NaN) steps do not part events, since they may have been above. Source: Coles (2001), section 5.3.2. O(n).
std::vector<Peak> decluster(std::span<const double> series, double threshold, std::size_t separation);

enum class GpdMethod { l_moments, likelihood };
// From the peaks of so many observed years (missing time is not observed). Throws Error with fewer than ten peaks above the threshold or no years.
Gpd fit_gpd(std::span<const Peak> peaks, double threshold, double years, GpdMethod method);

// The level exceeded on average once in `years`. Throws Error when the threshold itself is exceeded less often.
double return_level(const Gpd& gpd, double years);

}  // namespace guyu
