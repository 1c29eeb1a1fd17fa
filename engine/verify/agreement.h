#pragma once
#include <cstddef>
#include <span>

namespace guyu {

// How far paired amounts agree. Pairs in which either is NaN are left out and do not count as anything. A measure that the pairs left cannot
// give (none; for the correlation fewer than two, or no spread) is NaN. Same unit as the values.
struct Agreement {
  std::size_t pairs = 0;
  double mean_forecast = 0, mean_truth = 0;
  double mean_error = 0;           // forecast less truth
  double mean_absolute_error = 0;
  double correlation = 0;          // Pearson
};
// Summed in order, in double. O(n). The spans are of one length.
Agreement agreement(std::span<const float> forecast, std::span<const float> truth);

// The middle value (mean of the two middle ones); NaN entries are left out, NaN when none is left. O(n log n).
double median(std::span<const double> values);

}  // namespace guyu
