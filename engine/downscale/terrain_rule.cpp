#include "engine/downscale/terrain_rule.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <exception>

#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr float kGravityOverGas = 9.80665F / 287.05F;  // K/m: of dry air
constexpr float kStandardTemperature = 288.15F;
}  // namespace

TerrainRule terrain_rule(const Quantity& quantity, std::string_view level) {
  const std::string& name = quantity.name;
  if (name == "wind_from_direction") return TerrainRule::direction;
  if (level.ends_with("Pa")) return TerrainRule::plain;
  if (name == "dew_point_temperature") return TerrainRule::dew_point;
  if (name == "air_temperature" || name == "wet_bulb_temperature" || name == "apparent_air_temperature") return TerrainRule::temperature;
  if (name == "surface_air_pressure") return TerrainRule::pressure;
  if (name == "wind_speed" || name == "wind_speed_of_gust") return TerrainRule::wind_speed;
  if (name == "precipitation_amount" || name == "rainfall_rate") return TerrainRule::rain;
  if (name == "surface_downwelling_shortwave_flux_in_air" || name == "integral_wrt_time_of_surface_downwelling_shortwave_flux_in_air")
    return TerrainRule::radiation;
  return TerrainRule::plain;
}

bool needs_elevation(TerrainRule rule) { return rule == TerrainRule::temperature || rule == TerrainRule::dew_point || rule == TerrainRule::pressure; }

bool differs_across_coasts(TerrainRule rule, std::string_view level) {
  return rule != TerrainRule::rain && rule != TerrainRule::radiation && !level.ends_with("Pa");
}

HeightLine height_line(TerrainRule rule, const Field& field, const Field* temperature, FieldView<const float> lapse) {
  assert(needs_elevation(rule));
  const std::int64_t ny = field.grid().ny(), nx = field.grid().nx();
  HeightLine line{Plane(ny, nx), Plane(ny, nx), rule == TerrainRule::pressure};
  const auto from = field.values();
  const auto t = temperature ? temperature->values() : std::span<const float>{};
  for (std::size_t k = 0; k < from.size(); ++k) {
    const float own_lapse = lapse(static_cast<std::int64_t>(k) / nx, static_cast<std::int64_t>(k) % nx);
    line.values.values[k] = line.logarithm ? std::log(from[k]) : from[k];
    float& slope = line.slope.values[k];
    if (rule == TerrainRule::pressure) slope = -kGravityOverGas / (t.empty() ? kStandardTemperature : t[k]);
    else if (rule == TerrainRule::dew_point && !t.empty()) slope = own_lapse * ((from[k] / t[k]) * (from[k] / t[k]));
    else slope = own_lapse;
  }
  return line;
}

LapseChoice parse_lapse_choice(const std::string& text) {
  if (text == "neighbourhood") return {};
  if (text == "levels") return {LapseChoice::From::levels};
  try {
    std::size_t end = 0;
    const float per_km = std::stof(text, &end);
    if (end == text.size() && per_km >= -20 && per_km <= 20) return {LapseChoice::From::fixed, per_km / 1000};
  } catch (const std::exception&) {}
  throw Error("lapse rate", "'" + text + "' is none", "give neighbourhood, levels, or a number of K per km such as -6.5");
}

const Plane& KeptLapseRate::of(const LapseChoice& choice, const FieldPtr& temperature, FieldView<const float> orography, std::span<const LapseLevel> levels) {
  // Without a temperature nothing tells one time from another.
  if (!lapse_.values.empty() && temperature && temperature_ == temperature) return lapse_;
  if (choice.from == LapseChoice::From::fixed) lapse_ = Plane(orography.ny, orography.nx, choice.fixed);
  else if (choice.from == LapseChoice::From::levels && levels.size() >= 2) lapse_ = lapse_rate_of_levels(levels, orography);
  else lapse_ = temperature ? local_lapse_rate(temperature->view(), orography) : Plane(orography.ny, orography.nx, LapseRateOptions{}.standard);
  temperature_ = temperature;
  return lapse_;
}

}  // namespace guyu
