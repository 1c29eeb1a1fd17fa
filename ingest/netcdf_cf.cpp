#include "ingest/netcdf_cf.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "engine/core/error.h"
#include "engine/core/quantity.h"

namespace guyu {
namespace {

std::string ellipsoid(const NetcdfFile& f, const NetcdfFile::Variable& m) {
  const auto a = f.number(m, "semi_major_axis"), b = f.number(m, "semi_minor_axis"), inv = f.number(m, "inverse_flattening");
  if (a && b) return fmt::format("+a={:.6f} +b={:.6f}", *a, *b);
  if (a && inv && *inv > 0) return fmt::format("+a={:.6f} +rf={:.9f}", *a, *inv);
  if (const auto r = f.number(m, "earth_radius")) return fmt::format("+R={:.6f}", *r);
  if (a) return fmt::format("+R={:.6f}", *a);
  return "+datum=WGS84";
}

}  // namespace

std::string cf_crs(const NetcdfFile& f, const NetcdfFile::Variable& m) {
  const std::string name = f.text(m, "grid_mapping_name");
  const auto get = [&](const char* key, double fallback) { return f.number(m, key).value_or(fallback); };
  auto parallels = f.numbers(m, "standard_parallel");
  const double pole = !parallels.empty() && parallels.front() < 0 ? -90 : 90;
  const double lat0 = get("latitude_of_projection_origin", name == "polar_stereographic" ? pole : 0);
  const std::string tail = fmt::format(" +x_0={} +y_0={} {} +units=m +no_defs", get("false_easting", 0), get("false_northing", 0), ellipsoid(f, m));
  if (parallels.empty()) parallels = {lat0};
  if (name == "latitude_longitude") return "+proj=longlat +datum=WGS84 +no_defs";
  if (name == "albers_conical_equal_area" || name == "lambert_conformal_conic") {
    return fmt::format("+proj={} +lat_1={} +lat_2={} +lat_0={} +lon_0={}", name[0] == 'a' ? "aea" : "lcc", parallels.front(), parallels.back(), lat0,
                       get("longitude_of_central_meridian", 0)) +
           tail;
  }
  if (name == "lambert_azimuthal_equal_area") {
    return fmt::format("+proj=laea +lat_0={} +lon_0={}", lat0, get("longitude_of_projection_origin", 0)) + tail;
  }
  if (name == "polar_stereographic") {
    const double lon0 = get("straight_vertical_longitude_from_pole", get("longitude_of_projection_origin", 0));
    if (const auto k = f.number(m, "scale_factor_at_projection_origin"); k && f.numbers(m, "standard_parallel").empty()) {
      return fmt::format("+proj=stere +lat_0={} +k_0={} +lon_0={}", lat0, *k, lon0) + tail;
    }
    return fmt::format("+proj=stere +lat_0={} +lat_ts={} +lon_0={}", lat0, parallels.front(), lon0) + tail;
  }
  if (name == "stereographic") {
    return fmt::format("+proj=stere +lat_0={} +lon_0={} +k_0={}", lat0, get("longitude_of_projection_origin", 0), get("scale_factor_at_projection_origin", 1)) +
           tail;
  }
  if (name == "mercator") {
    return fmt::format("+proj=merc +lon_0={} +lat_ts={}", get("longitude_of_projection_origin", 0), parallels.front()) + tail;
  }
  if (name == "transverse_mercator") {
    return fmt::format("+proj=tmerc +lat_0={} +lon_0={} +k_0={}", lat0, get("longitude_of_central_meridian", 0), get("scale_factor_at_central_meridian", 1)) +
           tail;
  }
  if (name == "azimuthal_equidistant") {
    return fmt::format("+proj=aeqd +lat_0={} +lon_0={}", lat0, get("longitude_of_projection_origin", 0)) + tail;
  }
  if (name == "rotated_latitude_longitude") {
    return fmt::format("+proj=ob_tran +o_proj=longlat +o_lat_p={} +o_lon_p={} +lon_0={} {} +to_meter=0.0174532925199433 +no_defs",
                       get("grid_north_pole_latitude", 90), get("north_pole_grid_longitude", 0), 180 + get("grid_north_pole_longitude", 0), ellipsoid(f, m));
  }
  if (name == "geostationary") {
    return fmt::format("+proj=geos +h={:.3f} +lon_0={} +sweep={}", get("perspective_point_height", 35785831), get("longitude_of_projection_origin", 0),
                       f.text(m, "sweep_angle_axis") == "x" ? "x" : "y") +
           tail;
  }
  for (const char* wkt : {"crs_wkt", "spatial_ref"}) {
    if (std::string text = f.text(m, wkt); !text.empty()) return text;
  }
  throw Error(f.path(), "the grid mapping '" + name + "' of variable " + m.name + " is not known",
              "known are the conic, azimuthal, stereographic, Mercator, geostationary, rotated and longitude-latitude mappings of CF");
}

TimePoint TimeUnit::at(double value) const {
  const double offset = value * seconds;
  if (!(std::abs(offset) < 1e11)) throw Error("", fmt::format("the time value {} is not possible", value));  // about 3000 years
  return origin + Seconds(std::llround(offset));
}

std::optional<double> cf_duration(const std::string& unit) {
  static const std::map<std::string, double, std::less<>> table{{"seconds", 1}, {"second", 1},   {"s", 1},        {"sec", 1},     {"minutes", 60},
                                                                {"minute", 60}, {"min", 60},     {"hours", 3600}, {"hour", 3600}, {"h", 3600},
                                                                {"hr", 3600},   {"days", 86400}, {"day", 86400},  {"d", 86400}};
  const auto it = table.find(unit);
  return it == table.end() ? std::nullopt : std::optional<double>(it->second);
}

std::optional<TimeUnit> cf_time_unit(const std::string& units) {
  const auto since = units.find(" since ");
  if (since == std::string::npos) return std::nullopt;
  const auto seconds = cf_duration(units.substr(0, since));
  if (!seconds) return std::nullopt;
  std::string origin = units.substr(since + 7);
  for (const char* tail : {" UTC", " +00:00", " 0:00", "UTC", " GMT"}) {
    const std::string t = tail;
    if (origin.size() > t.size() && origin.compare(origin.size() - t.size(), t.size(), t) == 0) origin.resize(origin.size() - t.size());
  }
  try {
    return TimeUnit{parse_time(origin), *seconds};
  } catch (const Error&) {
    int y = 0, m = 0, d = 0, h = 0, mi = 0;  // unpadded forms such as 1970-1-1 0:0:0
    if (std::sscanf(origin.c_str(), "%d-%d-%d%*[ T]%d:%d", &y, &m, &d, &h, &mi) < 3) return std::nullopt;
    try {
      return TimeUnit{parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:00Z", y, m, d, h, mi)), *seconds};
    } catch (const Error&) {
      return std::nullopt;
    }
  }
}

std::optional<Seconds> cf_sum_length(const std::string& units) {
  int count = 0, used = 0;
  if (std::sscanf(units.c_str(), "sum %4d%n", &count, &used) != 1 || count < 1) return std::nullopt;
  std::string unit = units.substr(static_cast<std::size_t>(used));
  while (!unit.empty() && unit.front() == ' ') unit.erase(0, 1);
  const auto seconds = cf_duration(unit);
  return seconds ? std::optional(Seconds(std::llround(count * *seconds))) : std::nullopt;
}

TimeUnit require_time_unit(const NetcdfFile& f, const NetcdfFile::Variable& v) {
  static const std::set<std::string> kOurs{"", "standard", "gregorian", "proleptic_gregorian", "Gregorian", "STANDARD", "GREGORIAN"};
  const std::string units = f.text(v, "units"), calendar = f.text(v, "calendar");
  if (!kOurs.count(calendar))
    throw Error(f.path(), "the calendar '" + calendar + "' of " + v.name + " has no dates of this world", "only the standard calendar is read");
  if (const auto unit = cf_time_unit(units)) return *unit;
  throw Error(f.path(), "the time unit '" + units + "' of " + v.name + " is not known", "write it as 'hours since 2020-01-01 00:00:00'");
}

Role cf_role(const NetcdfFile& f, const NetcdfFile::Variable& v) {
  const std::string standard = f.text(v, "standard_name"), units = f.text(v, "units"), axis = f.text(v, "axis");
  static const std::set<std::string> kEast{"degrees_east", "degree_east", "degree_E", "degrees_E"};
  static const std::set<std::string> kNorth{"degrees_north", "degree_north", "degree_N", "degrees_N"};
  if (standard == "projection_x_coordinate" || standard == "grid_longitude") return Role::x;
  if (standard == "projection_y_coordinate" || standard == "grid_latitude") return Role::y;
  if (standard == "longitude" || kEast.count(units)) return Role::longitude;
  if (standard == "latitude" || kNorth.count(units)) return Role::latitude;
  if (standard == "forecast_reference_time") return Role::reference_time;
  if (standard == "forecast_period") return Role::lead;
  if (standard == "time" || (cf_time_unit(units) && standard.empty())) return Role::time;
  if (standard == "realization" || v.name == "member" || v.name == "realization" || v.name == "number") return Role::member;
  if (axis == "X") return Role::x;
  if (axis == "Y") return Role::y;
  if (axis == "Z" || standard == "height" || standard == "air_pressure" || standard == "depth" || !f.text(v, "positive").empty()) return Role::level;
  if (v.name == "lon" || v.name == "longitude") return Role::longitude;
  if (v.name == "lat" || v.name == "latitude") return Role::latitude;
  if (v.name == "x" || v.name == "xc") return Role::x;
  if (v.name == "y" || v.name == "yc") return Role::y;
  return Role::other;
}

std::string cf_quantity(const std::string& name) {
  static const std::map<std::string, std::string> aliases{{"precipitation_flux", "rainfall_rate"},
                                                          {"rainfall_flux", "rainfall_rate"},
                                                          {"lwe_precipitation_rate", "rainfall_rate"},
                                                          {"precipitation_rate", "rainfall_rate"},
                                                          {"convective_precipitation_rate", "rainfall_rate"},
                                                          {"rain_rate", "rainfall_rate"},
                                                          {"rainfall_amount", "precipitation_amount"},
                                                          {"lwe_thickness_of_precipitation_amount", "precipitation_amount"},
                                                          {"thickness_of_rainfall_amount", "precipitation_amount"},
                                                          {"lwe_thickness_of_snowfall_amount", "snowfall_amount"},
                                                          {"grid_eastward_wind", "x_wind"},
                                                          {"grid_northward_wind", "y_wind"},
                                                          {"geopotential", "geopotential_height"},
                                                          {"surface_geopotential", "surface_altitude"}};
  if (const auto it = aliases.find(name); it != aliases.end()) return it->second;
  return find_quantity(name) ? name : std::string();
}

std::optional<ShortName> grib_short_name(const std::string& variable) {
  static const std::map<std::string, ShortName> table{{"t2m", {"air_temperature", "2 m"}},
                                                      {"d2m", {"dew_point_temperature", "2 m"}},
                                                      {"u10", {"eastward_wind", "10 m"}},
                                                      {"v10", {"northward_wind", "10 m"}},
                                                      {"u100", {"eastward_wind", "100 m"}},
                                                      {"v100", {"northward_wind", "100 m"}},
                                                      {"fg10", {"wind_speed_of_gust", "10 m"}},
                                                      {"i10fg", {"wind_speed_of_gust", "10 m"}},
                                                      {"sp", {"surface_air_pressure", "surface"}},
                                                      {"msl", {"air_pressure_at_mean_sea_level", "mean sea level"}},
                                                      {"tp", {"precipitation_amount", "surface"}},
                                                      {"sf", {"snowfall_amount", "surface"}},
                                                      {"tcc", {"cloud_area_fraction", "surface"}},
                                                      {"ssrd", {"integral_wrt_time_of_surface_downwelling_shortwave_flux_in_air", "surface"}},
                                                      {"cape", {"atmosphere_convective_available_potential_energy", "surface"}},
                                                      {"lsm", {"land_binary_mask", "surface"}},
                                                      {"orog", {"surface_altitude", "surface"}}};
  const auto it = table.find(variable);
  return it == table.end() ? std::nullopt : std::optional(it->second);
}

std::string level_name(const std::string& coordinate, const std::string& standard_name, const std::string& unit, double value) {
  static const std::set<std::string> kMetres{"m", "metre", "metres", "meter", "meters"}, kHectopascals{"hPa", "mb", "mbar", "millibar", "millibars"};
  if (standard_name == "height" && kMetres.count(unit)) return fmt::format("{:g} m", value);
  if (kHectopascals.count(unit)) return fmt::format("{:g} hPa", value);
  if (unit == "Pa") return std::fmod(value, 100) == 0 ? fmt::format("{:g} hPa", value / 100) : fmt::format("{:g} Pa", value);
  return fmt::format("{} {:g}{}", coordinate, value, unit.empty() || unit == "1" ? "" : " " + unit);
}

}  // namespace guyu
