#include "engine/core/quantity.h"

#include <array>
#include <cctype>
#include <map>
#include <optional>

#include "engine/core/error.h"

namespace guyu {
namespace {

// name, canonical unit, plausible range
const std::vector<Quantity>& table() {
  static const std::vector<Quantity> t{
      {"rainfall_rate", "mm h-1", 0, 1000},
      {"precipitation_amount", "mm", 0, 3000},
      {"snowfall_amount", "mm", 0, 1000},
      {"equivalent_reflectivity_factor", "dBZ", -40, 95},
      {"air_temperature", "K", 150, 350},
      {"dew_point_temperature", "K", 130, 330},
      {"relative_humidity", "1", 0, 1.2},
      {"specific_humidity", "1", 0, 0.1},
      {"humidity_mixing_ratio", "1", 0, 0.1},
      {"wet_bulb_temperature", "K", 130, 330},
      {"apparent_air_temperature", "K", 100, 360},
      {"eastward_wind", "m s-1", -200, 200},
      {"northward_wind", "m s-1", -200, 200},
      {"x_wind", "m s-1", -200, 200},
      {"y_wind", "m s-1", -200, 200},
      {"wind_speed", "m s-1", 0, 200},
      {"wind_speed_of_gust", "m s-1", 0, 200},
      {"wind_from_direction", "degree", 0, 360},
      {"air_pressure", "Pa", 0, 120000},
      {"surface_air_pressure", "Pa", 30000, 120000},
      {"air_pressure_at_mean_sea_level", "Pa", 80000, 120000},
      {"geopotential_height", "m", -1500, 100000},
      {"surface_altitude", "m", -500, 9000},
      {"freezing_level_altitude", "m", -1500, 20000},
      {"land_binary_mask", "1", 0, 1},
      {"surface_downwelling_shortwave_flux_in_air", "W m-2", 0, 1500},
      {"integral_wrt_time_of_surface_downwelling_shortwave_flux_in_air", "J m-2", 0, 5e9},
      {"water_potential_evaporation_amount", "mm", 0, 1000},
      {"cloud_area_fraction", "1", 0, 1},
      {"visibility_in_air", "m", 0, 200000},
      {"atmosphere_convective_available_potential_energy", "J kg-1", 0, 20000},
      {"cross_correlation_ratio", "1", -0.5, 1.5},
      {"surface_temperature", "K", 150, 370},
      {"road_surface_temperature", "K", 150, 370},
      // What models derive or agencies hand out, and rules compare.
      {"lightning_probability", "1", 0, 1},
      {"hail_probability", "1", 0, 1},
      {"hail_diameter", "mm", 0, 250},
      {"dust_probability", "1", 0, 1},
      {"tropical_cyclone_influence", "1", 0, 1},
      {"fire_weather_index", "1", 0, 300},
      {"seismic_intensity", "1", 0, 12},
      {"standardized_precipitation_index", "1", -20, 20},
      {"standardized_precipitation_evapotranspiration_index", "1", -20, 20},
      {"meteorological_drought_composite_index", "1", -20, 20},
      {"relative_moisture_index", "1", -1, 20},
      {"soil_relative_moisture", "1", 0, 2},
      {"drought_return_period", "year", 0, 10000},
      {"drought_affected_crop_fraction", "1", 0, 1},
      {"flash_flood_ratio", "1", 0, 1000},
      {"landslide_ratio", "1", 0, 1000},
      {"runoff_index", "1", 0, 1e6},
      {"waterlogging_depth", "mm", 0, 10000},
      {"runoff_curve_number", "1", 0, 100},
      {"water_volume_transport_in_river_channel", "m3 s-1", 0, 1e6},
      {"soil_water_store", "mm", 0, 10000},
      {"upper_tension_water", "mm", 0, 10000},
      {"lower_tension_water", "mm", 0, 10000},
      {"deep_tension_water", "mm", 0, 10000},
      {"free_water", "mm", 0, 10000},
      {"runoff_area_share", "1", 0, 1},
      {"interflow_store", "mm", 0, 10000},
      {"groundwater_store", "mm", 0, 10000},
      {"runoff_parameters_code", "1", 0, 16777215},
      {"channel_water_volume", "m3", 0, 1e12},
      {"unknown_rain_share", "1", 0, 1},
      {"flow_direction_code", "1", 0, 128},
      {"threshold_runoff", "mm", 0, 10000},
      {"critical_rain", "mm", 0, 10000},
      {"flood_exceedance_probability", "1", 0, 1},
      {"vertically_integrated_liquid", "kg m-2", 0, 200},
      {"radar_echo_top_height", "m", 0, 25000},
      {"radar_echo_top_height_above_isotherm", "m", -20000, 25000},
      {"severe_hail_index", "J m-1 s-1", 0, 10000},
      {"probability_of_severe_hail", "1", 0, 1},
      {"maximum_expected_hail_size", "mm", 0, 400},
      {"convective_echo_class", "1", 0, 2},
      {"lightning_flash_density", "km-2 h-1", 0, 1000},
  };
  return t;
}

struct Unit {
  std::string dimension;
  double scale, offset;  // to the dimension's base unit
};

std::string squeeze(std::string_view text) {
  std::string s;
  for (const char c : text) {
    if (c == '*' || c == '^' || c == '.' || c == ' ' || c == '_') {
      if (!s.empty() && s.back() != ' ') s += ' ';
    } else {
      s += c;
    }
  }
  while (!s.empty() && s.back() == ' ') s.pop_back();
  std::string out;  // "m s -1" -> "m s-1"
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == ' ' && i + 1 < s.size() && (s[i + 1] == '-' || std::isdigit(static_cast<unsigned char>(s[i + 1])))) continue;
    out += s[i];
  }
  return out;
}

std::optional<Unit> unit_of(std::string_view text) {
  static const std::map<std::string, Unit, std::less<>> units{
      {"mm h-1", {"rate", 1, 0}},
      {"mm/h", {"rate", 1, 0}},
      {"mm hr-1", {"rate", 1, 0}},
      {"mm/hr", {"rate", 1, 0}},
      {"kg m-2 s-1", {"rate", 3600, 0}},
      {"mm s-1", {"rate", 3600, 0}},
      {"mm/s", {"rate", 3600, 0}},
      {"kg m-2 h-1", {"rate", 1, 0}},
      {"mm", {"length_mm", 1, 0}},
      {"kg m-2", {"length_mm", 1, 0}},
      {"kg/m2", {"length_mm", 1, 0}},
      {"kg m2", {"length_mm", 1, 0}},
      {"m of water equivalent", {"length_mm", 1000, 0}},
      {"cm", {"length_mm", 10, 0}},
      {"m", {"length_mm", 1000, 0}},
      {"km", {"length_mm", 1e6, 0}},
      {"gpm", {"length_mm", 1000, 0}},
      {"dagpm", {"length_mm", 10000, 0}},
      {"in", {"length_mm", 25.4, 0}},
      {"metre", {"length_mm", 1000, 0}},
      {"m2 s-2", {"geopotential", 1, 0}},
      {"m2/s2", {"geopotential", 1, 0}},
      {"m2 s-2 of geopotential", {"length_mm", 1000 / 9.80665, 0}},  // WMO standard gravity
      {"K", {"temperature", 1, 0}},
      {"degC", {"temperature", 1, 273.15}},
      {"C", {"temperature", 1, 273.15}},
      {"celsius", {"temperature", 1, 273.15}},
      {"m s-1 of water", {"rate", 3.6e6, 0}},
      {"m s-1", {"speed", 1, 0}},
      {"m/s", {"speed", 1, 0}},
      {"km/h", {"speed", 1 / 3.6, 0}},
      {"km h-1", {"speed", 1 / 3.6, 0}},
      {"mph", {"speed", 0.44704, 0}},
      {"kt", {"speed", 1852.0 / 3600, 0}},
      {"knot", {"speed", 1852.0 / 3600, 0}},
      {"Pa", {"pressure", 1, 0}},
      {"hPa", {"pressure", 100, 0}},
      {"mb", {"pressure", 100, 0}},
      {"1", {"ratio", 1, 0}},
      {"", {"ratio", 1, 0}},
      {"%", {"ratio", 0.01, 0}},
      {"percent", {"ratio", 0.01, 0}},
      {"kg kg-1", {"ratio", 1, 0}},
      {"(0 - 1)", {"ratio", 1, 0}},
      {"dimensionless", {"ratio", 1, 0}},
      {"Numeric", {"ratio", 1, 0}},
      {"g kg-1", {"ratio", 0.001, 0}},
      {"dBZ", {"dBZ", 1, 0}},
      {"dBz", {"dBZ", 1, 0}},
      {"J kg-1", {"specific_energy", 1, 0}},
      {"J/kg", {"specific_energy", 1, 0}},
      {"J m-2", {"energy_per_area", 1, 0}},
      {"W s m-2", {"energy_per_area", 1, 0}},
      {"MJ m-2", {"energy_per_area", 1e6, 0}},
      {"W m-2", {"power_per_area", 1, 0}},
      {"degree", {"angle", 1, 0}},
      {"degrees", {"angle", 1, 0}},
      {"Degree true", {"angle", 1, 0}},
      {"year", {"years", 1, 0}},
      {"km2", {"area_km2", 1, 0}},
      {"s", {"time", 1, 0}},
      {"min", {"time", 60, 0}},
      {"h", {"time", 3600, 0}},
  };
  if (const auto it = units.find(text); it != units.end()) return it->second;
  if (const auto it = units.find(squeeze(text)); it != units.end()) return it->second;
  return std::nullopt;
}
}  // namespace

bool is_amount(const Quantity& q) {
  return q.name.ends_with("_amount") || q.name.ends_with("_amount_convective") || q.name.starts_with("integral_wrt_time_of_");
}

const Quantity* find_quantity(std::string_view name) {
  for (const Quantity& q : table()) {
    if (q.name == name) return &q;
  }
  return nullptr;
}

std::vector<std::string> quantity_names() {
  std::vector<std::string> names;
  for (const Quantity& q : table()) names.push_back(q.name);
  return names;
}

namespace quantities {
const Quantity& rainfall_rate() { return *find_quantity("rainfall_rate"); }
const Quantity& precipitation_amount() { return *find_quantity("precipitation_amount"); }
const Quantity& reflectivity() { return *find_quantity("equivalent_reflectivity_factor"); }
}  // namespace quantities

UnitConversion convert_units(std::string_view from, std::string_view to) {
  if (from == to) return {};
  const auto a = unit_of(from), b = unit_of(to);
  if (!a || !b || a->dimension != b->dimension) {
    throw Error("", "cannot convert the unit '" + std::string(from) + "' to '" + std::string(to) + "'");
  }
  return {a->scale / b->scale, (a->offset - b->offset) / b->scale};
}

bool units_convertible(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const auto a = unit_of(from), b = unit_of(to);
  return a && b && a->dimension == b->dimension;
}

}  // namespace guyu
