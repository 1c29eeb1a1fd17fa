#pragma once
#include <cstdint>
#include <span>

#include "engine/extremes/gev.h"

namespace guyu {

// Anderson and Darling's (1952) A2 of values under a law that gave them the chances `not_exceeded` (of each value, any order): the squared distance between
// the sample's and the law's distribution, with most weight in the tails. Infinite when the law calls a value impossible. NaN are left out. O(n log n).
double anderson_darling(std::span<const double> not_exceeded);

// A2 of a fit and the share of samples from the fit itself that, fitted alike, lie further away (parametric bootstrap: tables do not hold when the
// parameters come from the sample). A share below 0.05 speaks against the law. Counter-based random numbers. O(repeats n log n).
struct Goodness {
  double statistic = 0, share_worse = 0;
};
Goodness goodness(std::span<const double> maxima, const Gev& fitted, GevMethod method, std::size_t repeats, std::uint64_t seed);

}  // namespace guyu
