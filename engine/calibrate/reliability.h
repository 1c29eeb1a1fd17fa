#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calibrate/emos.h"
#include "engine/post/reliability_calibration.h"

namespace guyu {

// Where the probability of an event comes from before it is calibrated.
//   members       the share of the members, also those of earlier runs, that reach the threshold; of a single forecast 0 or 1
//   distribution  what EMOS (emos.h) makes of mean and spread
enum class ProbabilitySource { members, distribution };
// Throws Error listing the sources.
ProbabilitySource parse_probability_source(std::string_view text);
std::string_view name_of(ProbabilitySource source);

// Forecasts with what came, and of each the share of members that reach each threshold: shares[case * thresholds + threshold]; no shares for distributions.
struct ReliabilityCases {
  std::vector<ForecastCase> cases;
  std::vector<float> shares;
  std::vector<Surroundings> around;  // table that the cases' rows are of; empty: EMOS looks at the places alone
};

// One event: value >= threshold.
struct EventReliability {
  double threshold = 0;               // in the quantity's unit
  std::vector<CalibrationRow> table;  // fit for calibration (joined_rows), drawn to the identity; fewer than two classes: probabilities stay as they are
  std::size_t events = 0;
  // Measured on blocks of time left out, NaN with one block: the Brier score, and its reliability term over ten classes (Murphy 1973, J. Appl. Meteor. 12).
  double brier_before = 0, brier_after = 0, reliability_before = 0, reliability_after = 0;
  // How far the observed frequencies are believed, 0 (probabilities stay) to 1: the share of the learnt reliability term that is more than what its parts of
  // time differ by among themselves would make of probabilities that are right (James and Stein 1961).
  double trust = 1;
};

// Threshold probabilities calibrated by what they were worth in an archive (Flowerdew 2014, Tellus A 66).
struct Reliability {
  ProbabilitySource source = ProbabilitySource::members;
  int runs = 1;  // whose members are counted together: the newest and so many less one before it
  Emos emos;     // of distribution
  std::size_t cases = 0, blocks = 0;
  std::vector<EventReliability> events;  // by rising threshold
};

// Shares of members that reach each threshold; NaN where any member is.
void member_shares(std::span<const float> members, std::span<const double> thresholds, std::span<float> shares);

// Cases with NaN take no part. Classes of fewer than 200 forecasts are joined. Tables are drawn to the identity by their trust, which ten parts of neighbouring
// blocks tell; in one block only the number of cases can. Folds of blocks in parallel; of distributions each fold fits its own. Throws Error without
// thresholds. O(cases x thresholds), and as fit_emos for distributions.
Reliability fit_reliability(const ReliabilityCases& cases, std::span<const double> thresholds, ProbabilitySource source, Family family);

// Calibrated probabilities of one place and time from its members: one for each event, never more than that of the threshold below. NaN among the members: all
// NaN. `around` is needed where the distribution looks at surroundings.
class ReliabilityCurves {
 public:
  explicit ReliabilityCurves(const Reliability& model);
  void operator()(std::span<const float> members, std::span<float> probabilities, const Surroundings* around = nullptr) const;

 private:
  ProbabilitySource source_;
  Emos emos_;
  std::vector<double> thresholds_;
  std::vector<ReliabilityCurve> curves_;
};

}  // namespace guyu
