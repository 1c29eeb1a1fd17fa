#include "models/curve_number_soil.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/region/attribute_values.h"

namespace guyu {
namespace {
constexpr double kNoWater = std::numeric_limits<double>::quiet_NaN();
}  // namespace

CurveNumberSoil::CurveNumberSoil(const HazardInputs& inputs, const ModelParams& params, const ModelState* remembered)
    : ground_(inputs.regions), unknown_wetness_(params.at("unknown_wetness")), log_recession_(std::log(params.at("daily_recession")) / 86400) {
  if (remembered) remembered_ = remembered->values.at(planes().front());
  const std::vector<float> cn = values_in(inputs.find_attribute("curve_number"), "1");
  const std::vector<ThresholdRunoff> thresholds = threshold_runoff(inputs);
  for (std::size_t r = 0; r < cn.size(); ++r) {
    const auto number = static_cast<double>(cn[r]);
    if (!(number > 0) || number > 100) continue;
    ground_[r] = {soil_store(number, params.at("abstraction")), thresholds[r], judges(thresholds[r])};
  }
}

void CurveNumberSoil::set_steps(const HazardInputs&, const ModelParams&, const RainSteps& steps) {
  for (std::size_t s = 0; s < steps.size(); ++s) {
    seconds_.push_back(steps.seconds(s));
    dried_.push_back(std::exp(log_recession_ * seconds_.back()));
  }
}

double CurveNumberSoil::first(std::size_t region) const {
  const Ground& g = ground_[region];
  if (!g.known) return kNoWater;
  const double first = remembered_.empty() ? kNoWater : static_cast<double>(remembered_[region]);
  return std::isnan(first) ? unknown_wetness_ * g.store.dry_level : std::clamp(first, 0.0, g.store.full());
}

void CurveNumberSoil::step(double& water, std::size_t step, std::size_t region, double share, double rain) const {
  const Ground& g = ground_[region];
  // What is known dries; what is not is taken to come near the wetness of ground that nothing is known of, as fast as the soil forgets.
  water *= share >= 1 ? dried_[step] : std::exp(log_recession_ * share * seconds_[step]);
  if (share < 1) {
    const double level = unknown_wetness_ * g.store.dry_level;
    if (water < level) water = level + (water - level) * std::exp(log_recession_ * (1 - share) * seconds_[step]);
  }
  if (std::isnan(rain)) water = rain;
  else if (rain > 0) soil_store_rain(g.store, water, rain);
}

bool CurveNumberSoil::is_judged(std::size_t region, std::size_t duration) const { return !std::isnan(ground_[region].runoff_mm[duration]); }

CurveNumberSoil::Search CurveNumberSoil::search(std::size_t begin, std::size_t n) const {
  Search out(n);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t d = 0; d < kFloodHours.size(); ++d) out[k][d] = {ground_[begin + k].store, ground_[begin + k].runoff_mm[d]};
  return out;
}

double CurveNumberSoil::ratio(const Critical& critical, double before, double fell, double worst) const {
  // No less than what the ground takes before any runs off, and the runoff, is critical: most durations need no more than that.
  if (fell == 0 || fell <= worst * (std::max(0.0, critical.store.dry_level - before) + critical.runoff_mm)) return 0;
  return fell / soil_store_critical_rain(critical.store, before, critical.runoff_mm);
}

void CurveNumberSoil::keep(std::size_t region, double water, ModelState& state) const { state.values.at(planes().front())[region] = static_cast<float>(water); }

}  // namespace guyu
