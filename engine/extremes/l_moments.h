#pragma once
#include <span>

namespace guyu {

// The first L-moments of a sample: mean, scale (half the expected difference of two values) and the ratios of skewness and kurtosis.
struct LMoments {
  double mean = 0, scale = 0, skewness = 0, kurtosis = 0;
};

// Unbiased estimates from probability-weighted moments; the order of values does not matter. Ratios are 0 where all values are the same. Missing (NaN) values
// are left out. Throws Error with fewer than four values. Source: Hosking and Wallis (1997), Regional Frequency Analysis, eqs. 2.59-2.62. O(n log n).
LMoments l_moments(std::span<const double> values);

}  // namespace guyu
