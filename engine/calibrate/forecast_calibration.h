#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/calibrate/emos.h"
#include "engine/calibrate/lead_errors.h"
#include "engine/calibrate/quantile_mapping.h"
#include "engine/calibrate/reliability.h"
#include "engine/core/time.h"

namespace guyu {

enum class ForecastMethod { bias, quantile_mapping, emos, reliability };
// Throws Error listing the methods.
ForecastMethod parse_forecast_method(std::string_view text);
std::string_view name_of(ForecastMethod method);

// Mean error of a forecast at each region, drawn to the common one where a region has few cases. Amounts are scaled, others shifted.
struct RegionBias {
  bool ratio = false;
  double common = 0;  // subtracted, or divided by
  std::vector<std::string> codes;
  std::vector<float> offsets;  // of each region beside the common one; with ratio: factors
  std::size_t cases = 0;
  float operator()(std::size_t region, float value) const;
};

struct RegionCase {
  std::size_t region = 0;
  float forecast = 0, observed = 0;
};
// NaN takes no part. A region's own part counts n / (n + 10). O(cases).
RegionBias fit_region_bias(std::span<const RegionCase> cases, const std::vector<std::string>& codes, bool ratio);

// What training learnt of one variable, e.g. "precipitation_amount@surface".
struct CalibratedVariable {
  std::string variable;
  ForecastMethod method = ForecastMethod::emos;
  Seconds interval{0};  // that the values learnt from hold over, 0 for instants: those of another length have another distribution
  std::string regions;  // RegionSet::hash of those learnt from, where surroundings were looked at: other regions have others
  Emos emos;
  QuantileMapping mapping;
  RegionBias bias;
  Reliability reliability;
  LeadErrors by_lead;        // of the uncalibrated forecast, for its weight among other models
  CalibrationScores scores;  // measured on blocks left out; of emos
  // The distribution that members are drawn from anew; nullptr: members stay.
  const Emos* distribution() const;
};

struct ForecastCalibration {
  Interval archive;  // valid times learnt from
  std::vector<CalibratedVariable> variables;
  const CalibratedVariable* find(const std::string& variable) const;
};

// Members of one township and time as quantiles of the calibrated distribution, in the order of the raw members (ensemble copula coupling, Schefzik and
// others 2013), so that a member stays one story over places and times; equal raw members are ordered by number. NaN among the raw ones: all NaN. `around` is
// needed where the model looks at surroundings.
void calibrated_members(const Emos& model, std::span<const float> raw, std::span<float> out, const Surroundings* around = nullptr);

}  // namespace guyu
