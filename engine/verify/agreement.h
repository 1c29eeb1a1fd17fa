#pragma once
#include <cstddef>
#include <span>

namespace guyu {

// How far paired amounts agree. Pairs in which either is NaN are left out and count only as `unjudged`. A
// measure that the pairs left cannot give (none; for the correlation fewer than two, or no spread) is NaN.
// Same unit as the values.
struct Agreement {
  std::size_t pairs = 0;
  double mean_forecast = 0, mean_truth = 0;
  double mean_error = 0;              // forecast less truth
  double mean_absolute_error = 0;     // MAE
  double correlation = 0;             // Pearson
  double root_mean_square_error = 0;  // RMSE
  double multiplicative_bias = 0;     // mean forecast / mean truth; NaN where the truth is 0
  std::size_t unjudged = 0;
};

// Sums from which Agreement is formed, field by field. Means and sums of squares about them are merged as in
// Chan, Golub and LeVeque (1983), so that no digits are lost to large means. The same for any number of
// threads. O(n).
class AgreementSums {
 public:
  // The spans are of one length.
  void add(std::span<const float> forecast, std::span<const float> truth);
  // Only pairs whose truth is at least `least_truth`; the other pairs count as nothing.
  void add_where_truth(std::span<const float> forecast, std::span<const float> truth, double least_truth);
  AgreementSums& operator+=(const AgreementSums& o);
  Agreement result() const;

 private:
  template <typename Takes>
  void add_if(std::span<const float> forecast, std::span<const float> truth, const Takes& takes);
  std::size_t pairs_ = 0, unjudged_ = 0;
  double mean_forecast_ = 0, mean_truth_ = 0;
  double ff_ = 0, tt_ = 0, ft_ = 0;   // sums of products of deviations from the means
  double absolute_ = 0, square_ = 0;  // sums of |error| and error^2
};

// Of one pair of fields.
Agreement agreement(std::span<const float> forecast, std::span<const float> truth);

// The middle value (mean of the two middle ones); NaN entries are left out, NaN when none is left. O(n log
// n).
double median(std::span<const double> values);

}  // namespace guyu
