#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/extremes/gev.h"

namespace guyu {

// A return level and the bounds that hold it with the chance that was asked for.
struct ReturnLevel {
  double years = 0, value = 0, low = 0, high = 0;  // bounds NaN: not to be had
};

// Bounds by the delta method: the variance of the level from the inverse of the observed information at a fit by maximum likelihood, and the normal law. Too
// narrow above for long periods, where the true law is skewed. Bounds are NaN where the information has no inverse. share: 0.9 for 5 % on each side.
// Source: Coles (2001), section 3.3.3. O(n).
ReturnLevel return_level_delta(std::span<const double> maxima, const Gev& fitted, double years, double share);

// Bounds by the parametric bootstrap: `repeats` samples of the record's length from the fit, each fitted by the same method. Counter-based random numbers:
// the same for any number of threads. O(repeats n log n).
std::vector<ReturnLevel> return_levels_bootstrap(const Gev& fitted, GevMethod method, std::size_t record, std::span<const double> years, double share,
                                                 std::size_t repeats, std::uint64_t seed);

}  // namespace guyu
