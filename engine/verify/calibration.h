#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace guyu {

// One forecast of an event at one place, and what came. A probability that is NaN takes no part.
struct CalibrationCase {
  std::size_t region = 0;
  float probability = 0;
  bool happened = false;
  std::size_t block = 0;  // of time: cases of one block are not independent of each other
};

enum class CalibrationMethod { logistic, isotonic };

// Turns forecast probabilities into the shares of the time that the event came, in the archive's experience.
//   Curve of all regions together: logistic, logit(p') = a + b logit(p) with b >= 0; or isotonic, the non-decreasing steps of least squares, joined by straight
//   lines between the steps' mean probabilities. Both lean on the identity as much as `kPriorCases` cases would, so that few cases change little and no curve
//   reaches 0 or 1. Region: an offset on the logit scale, drawn to zero the more the fewer cases the region has; the strength of the pull is estimated from how
//   much the regions differ beyond chance (partial pooling). A region without cases follows the common curve.
// Source: Platt (1999), Probabilistic outputs for support vector machines; Zadrozny and Elkan (2002), isotonic regression (pool adjacent violators);
// Gelman and Hill (2007), partial pooling.
struct Calibration {
  static constexpr double kPriorCases = 20;

  CalibrationMethod method = CalibrationMethod::logistic;
  double intercept = 0, slope = 1;   // logistic
  std::vector<float> knots, values;  // isotonic: non-decreasing
  std::vector<float> offsets;        // by region, logits; shorter than the regions: none
  double offset_variance = 0;        // of the regions, beyond chance
  std::size_t cases = 0, events = 0;
  std::string note;  // why the curve is the identity; empty when it is not

  // NaN stays NaN, and without a case all stay as they are; else non-decreasing in p and strictly between 0 and 1.
  float operator()(std::size_t region, float probability) const;
};

// O(cases log cases). No case, no event or nothing but events: the curve leans on the prior alone and the note says so.
Calibration fit_calibration(std::span<const CalibrationCase> cases, std::size_t regions, CalibrationMethod method);

// Mean squared difference of probability and outcome, before and after: each block of time is judged by the calibration that the other blocks give.
struct CalibrationGain {
  std::size_t cases = 0, events = 0, blocks = 0;
  double brier_before = 0, brier_after = 0;  // NaN without cases, and after with a single block
};
CalibrationGain calibration_gain(std::span<const CalibrationCase> cases, std::size_t regions, CalibrationMethod method);

}  // namespace guyu
