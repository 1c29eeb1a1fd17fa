#include "engine/calibrate/forecast_calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr double kPriorCases = 10;
constexpr double kLeastAmount = 1e-3;

double safe_ratio(double forecast, double observed, double prior) { return (forecast + prior) / (observed + prior); }

}  // namespace

ForecastMethod parse_forecast_method(std::string_view text) {
  for (const ForecastMethod m : {ForecastMethod::bias, ForecastMethod::quantile_mapping, ForecastMethod::emos, ForecastMethod::reliability})
    if (name_of(m) == text) return m;
  throw Error("", "there is no method '" + std::string(text) + "'", "known are bias, quantile-mapping, emos, reliability");
}

std::string_view name_of(ForecastMethod m) {
  switch (m) {
    case ForecastMethod::bias: return "bias";
    case ForecastMethod::quantile_mapping: return "quantile-mapping";
    case ForecastMethod::emos: return "emos";
    case ForecastMethod::reliability: break;
  }
  return "reliability";
}

const Emos* CalibratedVariable::distribution() const {
  if (method == ForecastMethod::emos) return &emos;
  return method == ForecastMethod::reliability && reliability.source == ProbabilitySource::distribution ? &reliability.emos : nullptr;
}

float RegionBias::operator()(std::size_t region, float value) const {
  const float own = region < offsets.size() ? offsets[region] : (ratio ? 1.0F : 0.0F);
  return ratio ? value / (static_cast<float>(common) * own) : value - static_cast<float>(common) - own;
}

RegionBias fit_region_bias(std::span<const RegionCase> cases, const std::vector<std::string>& codes, bool ratio) {
  RegionBias out;
  out.ratio = ratio;
  out.common = ratio ? 1 : 0;
  out.codes = codes;
  struct Sum {
    double n = 0, forecast = 0, observed = 0;
  };
  std::vector<Sum> sums(codes.size());
  Sum all;
  for (const RegionCase& c : cases) {
    if (std::isnan(c.forecast) || std::isnan(c.observed)) continue;
    for (Sum* s : {&sums.at(c.region), &all}) s->n += 1, s->forecast += static_cast<double>(c.forecast), s->observed += static_cast<double>(c.observed);
  }
  out.cases = static_cast<std::size_t>(all.n);
  const double least = kLeastAmount * all.n;
  if (!ratio && all.n > 0) out.common = (all.forecast - all.observed) / all.n;
  const bool told = std::min(all.forecast, all.observed) > least;  // of amounts; where it was dry on one side any factor would do
  if (ratio && told) out.common = safe_ratio(all.forecast, all.observed, least);
  for (const Sum& s : sums) {
    const double trust = s.n / (s.n + kPriorCases);
    if (ratio && !told) {
      out.offsets.push_back(1);
    } else if (ratio) {
      // Amounts that the common error leaves, with kPriorCases average ones beside them.
      const double mean = all.n > 0 ? all.observed / all.n : 0, prior = kPriorCases * mean + kLeastAmount;
      out.offsets.push_back(static_cast<float>(std::clamp(safe_ratio(s.forecast / out.common, s.observed, prior), 0.2, 5.0)));
    } else {
      out.offsets.push_back(static_cast<float>(s.n > 0 ? trust * ((s.forecast - s.observed) / s.n - out.common) : 0.0));
    }
  }
  return out;
}

const CalibratedVariable* ForecastCalibration::find(const std::string& variable) const {
  const auto it = std::find_if(variables.begin(), variables.end(), [&](const CalibratedVariable& v) { return v.variable == variable; });
  return it == variables.end() ? nullptr : &*it;
}

void calibrated_members(const Emos& model, std::span<const float> raw, std::span<float> out, const Surroundings* around) {
  double mean = 0, square = 0;
  const auto n = static_cast<double>(raw.size());
  for (const float v : raw) mean += static_cast<double>(v) / n;
  for (const float v : raw) square += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean) / n;
  if (std::isnan(mean) || (model.radius_km > 0 && std::isnan(around->mean))) {
    std::fill(out.begin(), out.end(), std::numeric_limits<float>::quiet_NaN());
    return;
  }
  const Predictive p = model(mean, std::sqrt(square), around);
  std::vector<std::size_t> order(out.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // More quantiles than raw members: those of one raw value follow each other.
  const auto raw_of = [&](std::size_t k) { return raw[k % raw.size()]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return raw_of(a) < raw_of(b); });
  for (std::size_t k = 0; k < order.size(); ++k)
    out[order[k]] = static_cast<float>(p.quantile((static_cast<double>(k) + 0.5) / static_cast<double>(out.size())));
}

}  // namespace guyu
