#include "models/xinanjiang_towns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/hydrology/xinanjiang_parameters.h"
#include "engine/hydrology/xinanjiang_runoff.h"
#include "engine/region/attribute_values.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr const char* kCode = "xinanjiang_parameters";
constexpr double kUnknownWater = std::numeric_limits<double>::quiet_NaN();

// Members of a state in the order of xinanjiang_planes().
constexpr std::array kStores{&XinanjiangState::upper,        &XinanjiangState::lower,     &XinanjiangState::deep,       &XinanjiangState::free,
                             &XinanjiangState::runoff_share, &XinanjiangState::interflow, &XinanjiangState::groundwater};

// Within bounds as float32 has them.
bool is_within(double v, const XinanjiangKey& key) { return v >= key.least - 1e-6 * std::abs(key.least) && v <= key.most + 1e-6 * std::abs(key.most); }

bool is_usable(XinanjiangParameters& p) {
  for (const XinanjiangKey& key : xinanjiang_keys())
    if (!is_within(p.*key.value, key)) return false;
  const double both = p.interflow_rate + p.groundwater_rate;
  if (both > 1 + 1e-6) return false;
  if (both > 1) p.groundwater_rate = 1 - p.interflow_rate;
  return true;
}

}  // namespace

std::vector<std::string> XinanjiangTowns::planes() {
  std::vector<std::string> out{kCode};
  for (const SoilPlane& p : xinanjiang_planes()) out.emplace_back(p.name);
  return out;
}

std::vector<std::string> XinanjiangTowns::attributes() {
  std::vector<std::string> out;
  for (const XinanjiangKey& key : xinanjiang_keys()) out.push_back(std::string("xinanjiang_") + key.key);
  return out;
}

XinanjiangTowns::XinanjiangTowns(const HazardInputs& inputs, const ModelParams& params, const ModelState* remembered)
    : towns_(inputs.regions), unknown_wetness_(params.at("unknown_wetness")), log_nearing_(std::log(params.at("daily_recession")) / 86400) {
  take_parameters(inputs);
  if (remembered) take_remembered(*remembered);
}

void XinanjiangTowns::take_parameters(const HazardInputs& inputs) {
  std::size_t given = 0;
  for (const XinanjiangKey& key : xinanjiang_keys()) {
    const RegionAttribute* a = inputs.find_attribute(std::string("xinanjiang_") + key.key);
    if (!a) continue;
    ++given;
    const std::vector<float> values = values_in(a, key.unit);
    for (std::size_t r = 0; r < towns_.size(); ++r) towns_[r].parameters.*key.value = values.empty() ? kUnknownWater : static_cast<double>(values[r]);
  }
  if (given < xinanjiang_keys().size() - 1)  // a file may leave out the split in two
    notes_.push_back(fmt::format("{} of {} Xinanjiang parameters are built-in ones of a humid southern basin, NOT CALIBRATED", xinanjiang_keys().size() - given,
                                 xinanjiang_keys().size()));
  const std::vector<ThresholdRunoff> thresholds = threshold_runoff(inputs);
  parallel_for(static_cast<std::int64_t>(towns_.size()), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      Town& t = towns_[r];
      if (!is_usable(t.parameters) || !judges(thresholds[r])) continue;
      t.runoff_mm = thresholds[r];
      t.code = parameters_code(t.parameters), t.known = true;
    }
  });
  const auto unusable = std::count_if(towns_.begin(), towns_.end(), [](Town& t) { return !is_usable(t.parameters); });
  if (unusable > 0) notes_.push_back(fmt::format("{} regions have no Xinanjiang parameters within their bounds: their ground is unknown", unusable));
}

void XinanjiangTowns::take_remembered(const ModelState& state) {
  const std::vector<float>& code = state.values.at(kCode);
  XinanjiangState none;
  none.upper = kUnknownWater;
  remembered_.assign(towns_.size(), none);
  std::array<const std::vector<float>*, kStores.size()> store{};
  for (std::size_t n = 0; n < kStores.size(); ++n) store[n] = &state.values.at(std::string(xinanjiang_planes()[n].name));
  std::size_t other = 0;
  for (std::size_t r = 0; r < towns_.size(); ++r) {
    const Town& t = towns_[r];
    if (!t.known || std::isnan(code[r])) continue;
    if (code[r] != t.code) {
      ++other;
      continue;
    }
    XinanjiangState s;
    double sum = 0;
    for (std::size_t n = 0; n < kStores.size(); ++n)
      s.*kStores[n] = std::max(0.0, static_cast<double>((*store[n])[r])), sum += static_cast<double>((*store[n])[r]);
    if (!std::isfinite(sum)) continue;
    s.upper = std::min(s.upper, t.parameters.upper_mm), s.lower = std::min(s.lower, t.parameters.lower_mm), s.deep = std::min(s.deep, t.parameters.deep_mm);
    s.free = std::min(s.free, t.parameters.free_mm);
    remembered_[r] = s;
  }
  if (other > 0) notes_.push_back(fmt::format("the soil water of {} regions is that of other parameters: it begins anew there", other));
}

void XinanjiangTowns::set_steps(const HazardInputs& inputs, const ModelParams& params, const RainSteps& steps) {
  evaporation_.emplace(inputs, params, steps);
  if (!evaporation_->note().empty()) notes_.push_back(evaporation_->note());
  std::vector<double> lengths;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    seconds_.push_back(steps.seconds(s));
    const auto there = std::find(lengths.begin(), lengths.end(), seconds_.back());
    length_.push_back(static_cast<std::size_t>(there - lengths.begin()));
    if (there == lengths.end()) lengths.push_back(seconds_.back());
  }
  for (const double seconds : lengths) {
    auto& of_length = steps_.emplace_back(towns_.size());
    parallel_for(static_cast<std::int64_t>(towns_.size()), 1024, [&](std::int64_t begin, std::int64_t end) {
      for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r)
        if (towns_[r].known) of_length[r] = xinanjiang_step_of(towns_[r].parameters, seconds / 3600);
    });
  }
}

XinanjiangState XinanjiangTowns::first(std::size_t region) const {
  const Town& t = towns_[region];
  XinanjiangState s = remembered_.empty() ? XinanjiangState{kUnknownWater} : remembered_[region];
  if (t.known && std::isnan(s.upper)) s = xinanjiang_state(t.parameters, unknown_wetness_);
  return s;
}

void XinanjiangTowns::step(Water& water, std::size_t step, std::size_t region, double share, double rain) const {
  if (std::isnan(water.upper)) return;
  if (std::isnan(rain)) {
    water.upper = rain;
    return;
  }
  const XinanjiangParameters& p = towns_[region].parameters;
  xinanjiang_step(p, steps_[length_[step]][region], water, rain, share * evaporation_->mm(step, region));
  if (share < 1) come_near(p, water, unknown_wetness_, std::exp(log_nearing_ * (1 - share) * seconds_[step]));
}

XinanjiangTowns::Search XinanjiangTowns::search(std::size_t begin, std::size_t n) const {
  Search out(n);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t d = 0; d < kFloodHours.size(); ++d)
      if (const Town& t = towns_[begin + k]; t.known && is_judged(begin + k, d)) out[k][d].begin(t.parameters, t.runoff_mm[d], kFloodHours[d]);
  return out;
}

double XinanjiangTowns::ratio(XinanjiangCriticalRain& critical, const Water& before, double fell, double worst) const {
  const double wanted = critical.wanted_mm(before);
  if (std::isnan(wanted) || std::isnan(fell)) return kUnknownWater;
  if (wanted <= 0) return fell > 0 ? std::numeric_limits<double>::infinity() : 1;  // what the ground gives without rain does
  // No less than the runoff is critical: most durations need no more than that.
  return fell <= worst * wanted ? 0 : fell / critical(before);
}

XinanjiangState XinanjiangTowns::between(const Water& a, const Water& b, double part) {
  XinanjiangState s;
  for (const auto store : kStores) s.*store = a.*store + part * (b.*store - a.*store);
  return s;
}

void XinanjiangTowns::keep(std::size_t region, const Water& water, ModelState& state) const {
  const bool there = towns_[region].known && !std::isnan(water.upper);
  state.values.at(kCode)[region] = there ? towns_[region].code : std::numeric_limits<float>::quiet_NaN();
  for (std::size_t n = 0; n < kStores.size(); ++n)
    state.values.at(std::string(xinanjiang_planes()[n].name))[region] = there ? static_cast<float>(water.*kStores[n]) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace guyu
