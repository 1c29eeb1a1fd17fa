#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/plane.h"

namespace guyu {

// A class of forecast probabilities, both ends included; neighbours are parted by the smallest step of a float.
struct ProbabilityBin {
  float lower = 0, upper = 1;
};
// `bins` classes from 0 to 1, of equal width but for those of a single value: [0, 1e-6] and [1 - 1e-6, 1], which count among them. Throws Error when fewer
// than one class of width is left.
std::vector<ProbabilityBin> probability_bins(std::size_t bins, bool single_zero = false, bool single_one = false);

// One row of a reliability table.
struct CalibrationRow {
  double events = 0;           // forecasts of the class that came true
  double probability_sum = 0;  // of the class's forecasts
  double forecasts = 0;
};

// Reliability of every cell by itself: events, sum of probabilities and forecasts of each class. Pairs of which either is missing are not counted.
class PointReliability {
 public:
  PointReliability(std::vector<ProbabilityBin> bins, std::int64_t ny, std::int64_t nx);
  // truth: 1 where the event came about (within 1e-5), else it did not. O(cells x bins).
  void add(FieldView<const float> forecast, FieldView<const float> truth);
  const std::vector<ProbabilityBin>& bins() const { return bins_; }
  const Plane& events(std::size_t bin) const { return events_[bin]; }
  const Plane& probability_sum(std::size_t bin) const { return sums_[bin]; }
  const Plane& forecasts(std::size_t bin) const { return forecasts_[bin]; }
  // Over all cells, in the cells' order.
  std::vector<CalibrationRow> table() const;

 private:
  std::vector<ProbabilityBin> bins_;
  std::vector<Plane> events_, sums_, forecasts_;
};

// A table made fit for calibration: classes with fewer than `least_forecasts` are joined to the neighbour that has fewer, the fullest first; then, where the
// observed frequency falls with the probability, one such pair is joined, from above, and what still falls is held at the frequency of the better sampled
// end. Source: Flowerdew (2014), Tellus A 66. Throws Error for least_forecasts below 1.
std::vector<CalibrationRow> joined_rows(std::vector<CalibrationRow> table, double least_forecasts = 200);

// The observed frequency that a table gives for a probability: linear between the classes' mean probabilities, carried on beyond the first and last, kept in
// 0 to 1. Empty classes are passed over; a table of fewer than two classes leaves probabilities as they are. NaN stays. O(log classes) a value.
class ReliabilityCurve {
 public:
  explicit ReliabilityCurve(std::span<const CalibrationRow> table);
  bool changes() const { return said_.size() >= 2; }
  double operator()(double probability) const;

 private:
  std::vector<double> said_, seen_;
};

// Replaces probabilities by what the table's curve gives for them; `false` where it leaves them as they are. O(cells x log classes).
bool calibrate_probability(FieldView<const float> forecast, std::span<const CalibrationRow> table, FieldView<float> calibrated);

// Calibrated planes of rising thresholds put in order in every cell: probabilities of being above fall, of being below rise with the threshold. Sorted, so
// that none is made up. Cells with a missing value stay as they are.
void order_by_threshold(std::span<const FieldView<float>> planes, bool of_below);

}  // namespace guyu
