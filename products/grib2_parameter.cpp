#include "products/grib2_parameter.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/core/error.h"

namespace guyu {
namespace {

// Decimals: a tenth of what an instrument or a model tells, so that rounding never shows in a difference of two steps.
constexpr std::array kGrib2Parameters{
    Grib2Parameter{"air_temperature", 0, 0, 0, "K", 2},
    Grib2Parameter{"dew_point_temperature", 0, 0, 6, "K", 2},
    Grib2Parameter{"apparent_air_temperature", 0, 0, 21, "K", 2},
    Grib2Parameter{"wet_bulb_temperature", 0, 0, 27, "K", 2},
    Grib2Parameter{"specific_humidity", 0, 1, 0, "kg kg-1", 6},
    Grib2Parameter{"relative_humidity", 0, 1, 1, "%", 1},
    Grib2Parameter{"humidity_mixing_ratio", 0, 1, 2, "kg kg-1", 6},
    Grib2Parameter{"rainfall_rate", 0, 1, 52, "kg m-2 s-1", 6},     // 0.0036 mm/h
    Grib2Parameter{"precipitation_amount", 0, 1, 52, "kg m-2", 2},  // the rate, with the process "accumulation"
    Grib2Parameter{"snowfall_amount", 0, 1, 53, "kg m-2", 2},
    Grib2Parameter{"wind_from_direction", 0, 2, 0, "degree", 1},
    Grib2Parameter{"wind_speed", 0, 2, 1, "m s-1", 2},
    Grib2Parameter{"eastward_wind", 0, 2, 2, "m s-1", 2},
    Grib2Parameter{"northward_wind", 0, 2, 3, "m s-1", 2},
    Grib2Parameter{"x_wind", 0, 2, 2, "m s-1", 2, true},
    Grib2Parameter{"y_wind", 0, 2, 3, "m s-1", 2, true},
    Grib2Parameter{"wind_speed_of_gust", 0, 2, 22, "m s-1", 2},
    Grib2Parameter{"surface_air_pressure", 0, 3, 0, "Pa", 0},
    Grib2Parameter{"air_pressure", 0, 3, 0, "Pa", 0},
    Grib2Parameter{"air_pressure_at_mean_sea_level", 0, 3, 1, "Pa", 0},
    Grib2Parameter{"geopotential_height", 0, 3, 5, "gpm", 1},
    Grib2Parameter{"surface_altitude", 0, 3, 5, "m", 1},
    Grib2Parameter{"freezing_level_altitude", 0, 3, 6, "m", 0},
    Grib2Parameter{"surface_downwelling_shortwave_flux_in_air", 0, 4, 7, "W m-2", 1},
    Grib2Parameter{"integral_wrt_time_of_surface_downwelling_shortwave_flux_in_air", 0, 4, 7, "J m-2", -2},
    Grib2Parameter{"cloud_area_fraction", 0, 6, 1, "%", 1},
    Grib2Parameter{"atmosphere_convective_available_potential_energy", 0, 7, 6, "J kg-1", 0},
    Grib2Parameter{"equivalent_reflectivity_factor", 0, 16, 4, "dBZ", 1},
    Grib2Parameter{"visibility_in_air", 0, 19, 0, "m", 0},
    Grib2Parameter{"land_binary_mask", 2, 0, 0, "1", 2},
};

constexpr int kGround = 1, kFreezing = 4, kTop = 8, kWholeAtmosphere = 10, kPressure = 100, kSeaLevel = 101, kAboveGround = 103;

// "1.5" -> 15 * 10^-1; false for what is no plain number.
bool decimal(std::string_view text, Grib2Level& level) {
  std::string digits(text);
  level.has_value = true;
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    level.scale = static_cast<long>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), level.scaled);
  return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty() && level.scale < 7;
}

}  // namespace

const Grib2Parameter* grib2_parameter(std::string_view quantity) {
  const auto it = std::find_if(kGrib2Parameters.begin(), kGrib2Parameters.end(), [&](const Grib2Parameter& p) { return quantity == p.quantity; });
  return it == kGrib2Parameters.end() ? nullptr : &*it;
}

std::vector<std::string> grib2_quantities() {
  std::vector<std::string> names;
  for (const Grib2Parameter& p : kGrib2Parameters) names.emplace_back(p.quantity);
  return names;
}

Grib2Level grib2_level(const std::string& quantity, const std::string& text) {
  if (text.empty()) return {.type = quantity == "freezing_level_altitude" ? kFreezing : quantity == "air_pressure_at_mean_sea_level" ? kSeaLevel : kGround};
  if (text == "surface") return {.type = kGround};
  if (text == "mean sea level") return {.type = kSeaLevel};
  if (text == "isothermZero") return {.type = kFreezing};
  if (text == "atmosphere") return {.type = kWholeAtmosphere};
  if (text == "entireAtmosphere") return {.type = kGround, .second_type = kTop};
  Grib2Level level;
  const std::size_t space = text.find(' ');
  const std::string_view number = std::string_view(text).substr(0, space), unit = space == std::string::npos ? "" : std::string_view(text).substr(space + 1);
  if ((unit == "hPa" || unit == "Pa" || unit == "m") && decimal(number, level)) {
    level.type = unit == "m" ? kAboveGround : kPressure;
    if (unit == "hPa") level.scale -= 2;
    while (level.scale < 0) level.scaled *= 10, ++level.scale;  // negative scale factors are legal and widely misread
    return level;
  }
  throw Error("", "the level '" + text + "' of " + quantity + " has no number in GRIB2 here",
              "it knows surface, mean sea level, N hPa, N Pa, N m, isothermZero, atmosphere and entireAtmosphere; NetCDF takes any");
}

}  // namespace guyu
