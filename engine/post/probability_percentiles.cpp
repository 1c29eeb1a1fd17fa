#include "engine/post/probability_percentiles.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"
#include "engine/post/percentiles.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// The thresholds with the bounds at both ends.
std::vector<double> value_axis(const ThresholdDistribution& d, std::size_t planes) {
  const std::vector<double>& t = d.thresholds;
  if (t.empty() || t.size() != planes)
    throw Error("percentiles of probabilities", std::to_string(t.size()) + " thresholds for " + std::to_string(planes) + " planes",
                "give one plane a threshold, and one at least");
  for (std::size_t k = 1; k < t.size(); ++k) {
    if (!(t[k] > t[k - 1])) throw Error("percentiles of probabilities", "thresholds do not rise at " + std::to_string(t[k]), "sort them");
  }
  std::vector<double> axis = t;
  if (!d.bounds) return axis;
  auto [lower, upper] = *d.bounds;
  if (d.widen_bounds) lower = std::min(lower, t.front()), upper = std::max(upper, t.back());
  if (lower > t.front() || upper < t.back())
    throw Error("percentiles of probabilities", "thresholds lie outside the bounds " + std::to_string(lower) + " to " + std::to_string(upper),
                "give wider bounds, or let the thresholds widen them");
  axis.insert(axis.begin(), lower);
  axis.push_back(upper);
  return axis;
}

double value_at(std::span<const double> cumulative, std::span<const double> values, double fraction) {
  const auto at = static_cast<std::size_t>(std::lower_bound(cumulative.begin(), cumulative.end(), fraction) - cumulative.begin());
  if (at == 0) return values.front();
  if (at == cumulative.size()) return values.back();
  const double width = cumulative[at] - cumulative[at - 1];
  return width < 1e-15 ? values[at - 1] : values[at - 1] + (fraction - cumulative[at - 1]) / width * (values[at] - values[at - 1]);
}

}  // namespace

void percentiles_of_probabilities(std::span<const FieldView<const float>> probabilities, const ThresholdDistribution& distribution,
                                  std::span<const double> percentiles, std::span<const FieldView<float>> result) {
  check_percentiles(percentiles);
  assert(percentiles.size() == result.size());
  const std::vector<double> values = value_axis(distribution, probabilities.size());
  const std::size_t first = distribution.bounds ? 1 : 0;
  parallel_for(probabilities[0].ny, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> cumulative(values.size(), 1.0);
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < probabilities[0].nx; ++i) {
        double reached = 0;
        bool known = true;
        if (first) cumulative[0] = 0;
        for (std::size_t k = 0; k < probabilities.size(); ++k) {
          const float p = probabilities[k](j, i);
          known = known && !std::isnan(p);
          reached = std::max(reached, distribution.of_below ? double{p} : double{1 - p});
          cumulative[k + first] = reached;
        }
        for (std::size_t k = 0; k < percentiles.size(); ++k) {
          const double fraction = percentiles[k] / 100;
          const bool answered = known && !(distribution.missing_above_thresholds && fraction >= reached);
          result[k](j, i) = answered ? static_cast<float>(value_at(cumulative, values, fraction)) : kMissing;
        }
      }
    }
  });
}

}  // namespace guyu
