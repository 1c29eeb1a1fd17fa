#include "engine/forecast/derived.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "engine/core/error.h"
#include "engine/post/moisture.h"

namespace guyu {
namespace {

using In = std::span<const float* const>;
constexpr float kZeroCelsius = 273.15F;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

float clamped(float v, float low, float high) { return v < low ? low : (v > high ? high : v); }  // NaN stays NaN

void speed(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = std::sqrt(in[0][i] * in[0][i] + in[1][i] * in[1][i]);
}

void from_direction(In in, float* out, std::size_t n) {
  constexpr float kDegrees = 180 / std::numbers::pi_v<float>;
  for (std::size_t i = 0; i < n; ++i) {
    const float u = in[0][i], v = in[1][i];
    // WMO code table 0877: a calm has no direction; north is 360.
    const float d = std::atan2(-u, -v) * kDegrees;
    out[i] = std::isnan(u) || std::isnan(v) || (u == 0 && v == 0) ? kNaN : (d <= 0 ? d + 360 : d);
  }
}

void humidity_of_dew_point(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto t = static_cast<double>(in[0][i]), d = static_cast<double>(in[1][i]);
    out[i] = clamped(static_cast<float>(moisture::relative_humidity(t, d)), 0, 1);
  }
}

// The vapour's own pressure in air that holds `ratio` kg of it for one of dry air.
float humidity_of_vapour(float temperature, double ratio, float pressure) {
  const double e = moisture::vapour_pressure_of_mixing_ratio(ratio, static_cast<double>(pressure));
  return clamped(static_cast<float>(e / moisture::saturation_vapour_pressure(static_cast<double>(temperature), Saturation::over_water)), 0, 1);
}

void humidity_of_specific(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = humidity_of_vapour(in[0][i], moisture::mixing_ratio(static_cast<double>(in[1][i])), in[2][i]);
}

void humidity_of_mixing_ratio(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = humidity_of_vapour(in[0][i], static_cast<double>(in[1][i]), in[2][i]);
}

void dew_point_of_humidity(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = static_cast<float>(moisture::dew_point(static_cast<double>(in[0][i]), static_cast<double>(clamped(in[1][i], 1e-4F, 1))));
}

// Pa, of air with this temperature (K) and relative humidity.
double vapour_pressure(float temperature, float humidity) {
  return static_cast<double>(clamped(humidity, 0, 1)) * moisture::saturation_vapour_pressure(static_cast<double>(temperature), Saturation::over_water);
}

void specific_of_humidity(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double ratio = moisture::mixing_ratio_of_vapour_pressure(vapour_pressure(in[0][i], in[1][i]), static_cast<double>(in[2][i]));
    out[i] = static_cast<float>(moisture::specific_humidity(ratio));
  }
}

void wet_bulb(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto t = static_cast<double>(in[0][i]), p = static_cast<double>(in[2][i]);
    out[i] = static_cast<float>(wet_bulb_temperature(t, static_cast<double>(clamped(in[1][i], 1e-4F, 1)), p));
  }
}

void apparent(In in, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto e_hpa = static_cast<float>(0.01 * vapour_pressure(in[0][i], in[1][i]));
    out[i] = in[0][i] + 0.33F * e_hpa - 0.70F * in[2][i] - 4.00F;
  }
}

void wind_at_two_metres(In in, float* out, std::size_t n) {
  const float factor = 4.87F / std::log(67.8F * 10 - 5.42F);
  for (std::size_t i = 0; i < n; ++i) out[i] = in[0][i] * factor;
}

// First half of the inputs: temperatures of the levels; second half: their heights.
void freezing_of_column(In in, float* out, std::size_t n) {
  const std::size_t levels = in.size() / 2;
  std::vector<float> t(levels), z(levels);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < levels; ++k) t[k] = in[k][i], z[k] = in[levels + k][i];
    out[i] = freezing_level(t, z, kNaN);
  }
}

const std::vector<Derivation>& table() {
  static const std::vector<Derivation> t{
      {"wind_speed", {{"eastward_wind", ""}, {"northward_wind", ""}}, "", speed, "length of the vector"},
      {"wind_from_direction", {{"eastward_wind", ""}, {"northward_wind", ""}}, "", from_direction, "WMO code table 0877"},
      {"relative_humidity", {{"air_temperature", ""}, {"dew_point_temperature", ""}}, "", humidity_of_dew_point, "WMO-No. 8, Annex 4.B"},
      {"relative_humidity",
       {{"air_temperature", ""}, {"specific_humidity", ""}, {"surface_air_pressure", "surface"}},
       "2 m",
       humidity_of_specific,
       "WMO-No. 8, Annex 4.B"},
      {"relative_humidity",
       {{"air_temperature", ""}, {"humidity_mixing_ratio", ""}, {"surface_air_pressure", "surface"}},
       "2 m",
       humidity_of_mixing_ratio,
       "WMO-No. 8, Annex 4.B"},
      {"dew_point_temperature", {{"air_temperature", ""}, {"relative_humidity", ""}}, "", dew_point_of_humidity, "WMO-No. 8, Annex 4.B"},
      {"specific_humidity",
       {{"air_temperature", ""}, {"relative_humidity", ""}, {"surface_air_pressure", "surface"}},
       "2 m",
       specific_of_humidity,
       "WMO-No. 8, Annex 4.B"},
      {"wet_bulb_temperature",
       {{"air_temperature", ""}, {"relative_humidity", ""}, {"surface_air_pressure", "surface"}},
       "2 m",
       wet_bulb,
       "WMO-No. 8, Annex 4.B"},
      {"apparent_air_temperature",
       {{"air_temperature", "2 m"}, {"relative_humidity", "2 m"}, {"wind_speed", "10 m"}},
       "2 m",
       apparent,
       "Steadman (1994), Aust. Met. Mag. 43, without radiation"},
      {"freezing_level_altitude",
       {{"air_temperature", Derivation::kPressureLevels}, {"geopotential_height", Derivation::kPressureLevels}},
       "",
       freezing_of_column,
       "highest crossing of 0 degC, linear between levels"},
      {"wind_speed", {{"wind_speed", "10 m"}}, "2 m", wind_at_two_metres, "FAO Irrigation and Drainage Paper 56, eq. 47"},
  };
  return t;
}

constexpr int kDepth = 4;

// The inputs of a derivation for an output at `level`. Those at every pressure level: as many as there are levels that all of them have.
std::vector<Variable> inputs_of(const Derivation& d, const std::string& level, const std::set<Variable>& available) {
  std::vector<Variable> inputs;
  for (const Derivation::Input& i : d.inputs) {
    if (i.level != Derivation::kPressureLevels) {
      inputs.push_back({i.quantity, i.level.empty() ? level : i.level});
      continue;
    }
    const std::size_t before = inputs.size();
    for (const Variable& v : available) {
      if (v.quantity != i.quantity || !v.level.ends_with("Pa")) continue;
      const bool complete = std::all_of(d.inputs.begin(), d.inputs.end(), [&](const Derivation::Input& o) {
        return o.level != Derivation::kPressureLevels || available.count({o.quantity, v.level}) > 0;
      });
      if (complete) inputs.push_back(v);
    }
    if (inputs.size() == before) inputs.push_back({i.quantity, "pressure levels"});  // names what is missing
  }
  return inputs;
}

// `made` holds what the plan has so far; false and `missing` when there is no way.
bool extend(const Variable& wanted, const std::set<Variable>& available, int depth, DerivationPlan& plan, std::set<Variable>& made) {
  if (available.count(wanted)) {
    plan.needed.insert(wanted);
    return true;
  }
  if (made.count(wanted)) return true;
  if (depth == 0) return false;
  for (const Derivation& d : table()) {
    if (d.output != wanted.quantity || (!d.only_at.empty() && d.only_at != wanted.level)) continue;
    DerivationPlan trial = plan;
    std::set<Variable> trial_made = made;
    const DerivationStep step{&d, wanted, inputs_of(d, wanted.level, available)};
    bool possible = true;
    for (const Variable& input : step.inputs) {
      if (input == wanted || !extend(input, available, depth - 1, trial, trial_made)) {
        if (!plan.missing.empty()) plan.missing += "; ";
        plan.missing += input.describe();
        possible = false;
        break;
      }
    }
    if (!possible) continue;
    trial.steps.push_back(step);
    trial_made.insert(wanted);
    plan = std::move(trial);
    made = std::move(trial_made);
    return true;
  }
  return false;
}

}  // namespace

Variable parse_variable(const std::string& text) {
  const auto at = text.find('@');
  Variable v{text.substr(0, at), at == std::string::npos ? "" : text.substr(at + 1)};
  if (v.quantity.empty()) throw Error(text, "names no quantity", "write it as quantity@level, e.g. \"air_temperature@2 m\"");
  return v;
}

std::span<const Derivation> derivations() { return table(); }

DerivationPlan plan_derivation(const Variable& wanted, const std::set<Variable>& available) {
  // The least depth that gives a way is the shortest one.
  for (int depth = 0; depth <= kDepth; ++depth) {
    DerivationPlan plan;
    std::set<Variable> made;
    plan.possible = extend(wanted, available, depth, plan, made);
    if (plan.possible) {
      plan.missing.clear();
      return plan;
    }
    if (depth == kDepth) {
      plan.missing = wanted.describe() + (plan.missing.empty() ? " is not there" : " is not there, nor what it could be made of (" + plan.missing + ")");
      return plan;
    }
  }
  return {};
}

float freezing_level(std::span<const float> temperature, std::span<const float> height, float ground) {
  std::array<std::pair<float, float>, 256> column;  // height, temperature
  std::size_t n = 0;
  for (std::size_t k = 0; k < std::min(temperature.size(), column.size()); ++k) {
    if (!std::isnan(temperature[k]) && !std::isnan(height[k])) column[n++] = {height[k], temperature[k] - kZeroCelsius};
  }
  if (n < 2) return kNaN;
  std::sort(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(n));
  const float lowest = std::isnan(ground) ? 0 : ground;
  if (column[n - 1].second > 0) return kNaN;
  for (std::size_t k = n - 1; k-- > 0;) {
    const auto [z0, t0] = column[k];
    const auto [z1, t1] = column[k + 1];
    if (t0 > 0 && t1 <= 0) return std::max(lowest, z0 + (z1 - z0) * t0 / (t0 - t1));
  }
  const float lapse = (column[1].second - column[0].second) / (column[1].first - column[0].first);
  const float below = lapse < 0 ? column[0].first - column[0].second / lapse : lowest;
  return std::max(lowest, std::min(below, column[0].first));
}

}  // namespace guyu
