#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calibrate/surroundings.h"

namespace guyu {

// What a forecast's values follow, once they are calibrated.
//   normal            temperature, pressure
//   truncated_normal  wind speed: normal, cut at 0 (Thorarinsdottir and Gneiting 2010)
//   censored_logistic rain: logistic on the square root of the amount, all below 0 counts as 0 (Messner and others 2014)
enum class Family { normal, truncated_normal, censored_logistic };
// Throws Error listing the families.
Family parse_family(std::string_view text);
std::string_view name_of(Family family);

// One forecast and what came. `mean` and `spread` (standard deviation; 0 for a single forecast) of the members in the quantity's unit.
struct ForecastCase {
  float mean = 0, spread = 0, observed = 0;
  std::size_t block = 0;            // of time: cases of one block are not independent
  std::size_t around = kNotLooked;  // its row in the table of surroundings that goes with the cases
  static constexpr std::size_t kNotLooked = std::numeric_limits<std::size_t>::max();
};
// What stands around the cases: table[row * kRadii_km.size() + radius]. Empty: nothing but the places themselves is looked at.
using SurroundingsTable = std::span<const Surroundings>;

// A distribution on the family's own scale.
struct Predictive {
  Family family = Family::normal;
  double location = 0, scale = 1;
  double probability_of(double at_least) const;  // P(value >= at_least), in the quantity's unit
  double quantile(double p) const;               // in the quantity's unit, p in (0, 1)
  // Of the quantity for normal and truncated_normal, of its square root for censored_logistic: closed forms. Sources: Gneiting and others (2005), Mon. Wea.
  // Rev. 133, eq. 5; Thorarinsdottir and Gneiting (2010), eq. 9; the logistic one is the integral of (F - 1{x >= y})^2 by parts.
  double crps(double observed) const;
  // In the quantity's unit: of `n` quantiles at (k + 0.5) / n as an ensemble.
  double crps_in_unit(double observed, int n = 50) const;
};

// Ensemble model output statistics (nonhomogeneous regression): location = a + b m (+ g for a dry forecast), scale = c^2 + d^2 spread + e^2 m, with m the
// mean, or its square root for censored_logistic. For one forecast without members the scale grows with the amount alone. With a radius the location has
// + h m' + w (wet share) of the surroundings as well, and the scale grows with their deviation in place of m. Of censored_logistic b, h, w are fitted at or
// above 0 and g at or below.
struct Emos {
  Family family = Family::normal;
  double a = 0, b = 1, g = 0, c = 1, d = 0, e = 0;
  std::size_t cases = 0;
  std::string note;      // why nothing was learnt; empty when it was
  double radius_km = 0;  // of the surroundings; 0: they are not looked at
  double h = 0, w = 0;
  // `around` is needed where radius_km is above 0.
  Predictive operator()(double mean, double spread, const Surroundings* around = nullptr) const;
};

// A case is known where forecast, observation and, with a table, all its surroundings are.
bool is_known(const ForecastCase& c, SurroundingsTable around);
Predictive predict(const Emos& model, const ForecastCase& c, SurroundingsTable around);

// Least mean CRPS, by the simplex method of Nelder and Mead from a start by moments. Fewer than kFewestCases cases, or a forecast that never varies: the
// identity with the scale of the errors, and a note. Cases with NaN take no part. Of more than 20,000 cases every n-th is
// fitted. With surroundings the fits at each radius of kRadii_km, and at none, to two of three parts of the blocks forecast the part left out: taken is the
// smallest radius that is within one standard error of the best (Breiman and others 1984, Classification and Regression Trees, 3.4.3); one block cannot tell:
// none. O(cases x iterations).
inline constexpr std::size_t kFewestCases = 40;
Emos fit_emos(std::span<const ForecastCase> cases, Family family, SurroundingsTable around = {});

// From which probability on an event may be called foretold so that the CSI is highest, each case counted half as the event that came or not and half as its
// own probability: what came alone is mostly chance on few blocks; the probabilities alone (Lipton and others 2014, arXiv:1402.1892) are believed too much
// where events are rare. 1 without cases. Cases with NaN take no part. O(cases log cases).
double decision_probability(const Emos& model, std::span<const ForecastCase> cases, SurroundingsTable around, double threshold);

// Each block judged by what the others taught, radius and all; of many blocks, ten folds of neighbouring ones. Folds in parallel.
struct CalibrationScores {
  std::size_t cases = 0, blocks = 0;
  double crps_before = 0, crps_after = 0;  // in the quantity's unit; before: of mean and spread as a normal ensemble, of a single forecast its absolute error
  struct Event {
    double threshold = 0;
    std::size_t events = 0;
    double csi_before = 0, csi_after = 0;  // after: from decision_probability() of the other blocks on
  };
  std::vector<Event> events;
};
CalibrationScores cross_validated(std::span<const ForecastCase> cases, Family family, std::span<const double> thresholds, SurroundingsTable around = {});

}  // namespace guyu
