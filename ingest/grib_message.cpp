#include "ingest/grib_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/core/error.h"
#include "ingest/grib_mrms.h"
#include "ingest/grib_parameter.h"
#include "ingest/reader.h"

namespace guyu {

GribMessage::GribMessage(codes_handle* handle, std::string path, int number) : handle_(handle), path_(std::move(path)), number_(number) {}
GribMessage::~GribMessage() { codes_handle_delete(handle_); }

std::string GribMessage::place() const { return fmt::format("{}: message {}", path_, number_); }

std::optional<long> GribMessage::integer(const char* key) const {
  long v = 0;
  if (codes_get_long(handle_, key, &v) != CODES_SUCCESS || v == CODES_MISSING_LONG) return std::nullopt;
  return v;
}

std::optional<double> GribMessage::number(const char* key) const {
  double v = 0;
  int missing_error = 0;
  if (codes_is_missing(handle_, key, &missing_error) || missing_error != CODES_SUCCESS) return std::nullopt;
  if (codes_get_double(handle_, key, &v) != CODES_SUCCESS) return std::nullopt;
  return v;
}

std::string GribMessage::text(const char* key) const {
  std::array<char, 256> v{};
  std::size_t size = v.size();
  return codes_get_string(handle_, key, v.data(), &size) == CODES_SUCCESS ? std::string(v.data()) : std::string();
}

long GribMessage::require_integer(const char* key) const {
  if (const auto v = integer(key)) return *v;
  throw Error(place(), fmt::format("the key {} is absent", key));
}

double GribMessage::require_number(const char* key) const {
  if (const auto v = number(key)) return *v;
  throw Error(place(), fmt::format("the key {} is absent", key));
}

void GribMessage::require_plausible_count(std::size_t n) const {
  if (n == 0) throw Error(place(), "holds no values");
  require_plausible_size(place(), static_cast<std::int64_t>(std::min(n, std::size_t{1} << 62)), 1,
                         static_cast<std::uintmax_t>(integer("totalLength").value_or(0)));
}

std::vector<double> GribMessage::numbers(const char* key) const {
  std::size_t n = 0;
  int rc = codes_get_size(handle_, key, &n);
  if (rc == CODES_SUCCESS) require_plausible_count(n);
  std::vector<double> v(n);
  if (rc == CODES_SUCCESS) rc = codes_get_double_array(handle_, key, v.data(), &n);
  if (rc != CODES_SUCCESS) throw Error(place(), fmt::format("{} cannot be decoded: {}", key, codes_get_error_message(rc)));
  v.resize(n);
  return v;
}

std::vector<long> GribMessage::integers(const char* key) const {
  std::size_t n = 0;
  int rc = codes_get_size(handle_, key, &n);
  if (rc == CODES_SUCCESS) require_plausible_count(n);
  std::vector<long> v(n);
  if (rc == CODES_SUCCESS) rc = codes_get_long_array(handle_, key, v.data(), &n);
  if (rc != CODES_SUCCESS) throw Error(place(), fmt::format("{} cannot be decoded: {}", key, codes_get_error_message(rc)));
  v.resize(n);
  return v;
}

namespace {

const char* quantity_of_short_name(const std::string& short_name) {
  static const std::map<std::string, const char*> table{
      {"tp", "precipitation_amount"},
      {"acpcp", "precipitation_amount_convective"},
      {"prate", "rainfall_rate"},
      {"tprate", "rainfall_rate"},
      {"rprate", "rainfall_rate"},
      {"sf", "snowfall_amount"},
      {"t", "air_temperature"},
      {"2t", "air_temperature"},
      {"d", "dew_point_temperature"},
      {"2d", "dew_point_temperature"},
      {"dpt", "dew_point_temperature"},
      {"aptmp", "apparent_air_temperature"},
      {"r", "relative_humidity"},
      {"2r", "relative_humidity"},
      {"q", "specific_humidity"},
      {"2sh", "specific_humidity"},
      {"u", "eastward_wind"},
      {"10u", "eastward_wind"},
      {"100u", "eastward_wind"},
      {"v", "northward_wind"},
      {"10v", "northward_wind"},
      {"100v", "northward_wind"},
      {"ws", "wind_speed"},
      {"10si", "wind_speed"},
      {"wdir", "wind_from_direction"},
      {"10wdir", "wind_from_direction"},
      {"gust", "wind_speed_of_gust"},
      {"10fg", "wind_speed_of_gust"},
      {"i10fg", "wind_speed_of_gust"},
      {"sp", "surface_air_pressure"},
      {"pres", "air_pressure"},
      {"msl", "air_pressure_at_mean_sea_level"},
      {"prmsl", "air_pressure_at_mean_sea_level"},
      {"mslet", "air_pressure_at_mean_sea_level"},
      {"gh", "geopotential_height"},
      {"z", "geopotential_height"},  // geopotential, which its unit tells
      {"orog", "surface_altitude"},
      {"lsm", "land_binary_mask"},
      {"ssrd", "integral_wrt_time_of_surface_downwelling_shortwave_flux_in_air"},
      {"dswrf", "surface_downwelling_shortwave_flux_in_air"},
      {"sdswrf", "surface_downwelling_shortwave_flux_in_air"},
      {"h", "geometric_height"},
      {"mxr", "humidity_mixing_ratio"},
      {"vis", "visibility_in_air"},
      {"tcc", "cloud_area_fraction"},
      {"cape", "atmosphere_convective_available_potential_energy"},
      {"refd", "equivalent_reflectivity_factor"},
      {"refc", "equivalent_reflectivity_factor"},
  };
  const auto it = table.find(short_name);
  return it == table.end() ? nullptr : it->second;
}

// Common parameters by their WMO numbers (GRIB2 code table 4.2), for producers whose centre or level ecCodes has no name for.
const char* quantity_of_numbers(const GribMessage& m) {
  if (m.integer("edition").value_or(0) != 2 || m.integer("discipline").value_or(-1) != 0) return nullptr;
  static const std::map<std::pair<long, long>, const char*> table{
      {{0, 0}, "air_temperature"},
      {{0, 6}, "dew_point_temperature"},
      {{0, 21}, "apparent_air_temperature"},
      {{0, 27}, "wet_bulb_temperature"},
      {{1, 0}, "specific_humidity"},
      {{1, 1}, "relative_humidity"},
      {{1, 2}, "humidity_mixing_ratio"},
      {{1, 7}, "rainfall_rate"},
      {{1, 52}, "rainfall_rate"},
      {{1, 8}, "precipitation_amount"},
      {{1, 49}, "precipitation_amount"},
      {{2, 0}, "wind_from_direction"},
      {{2, 1}, "wind_speed"},
      {{2, 2}, "eastward_wind"},
      {{2, 3}, "northward_wind"},
      {{2, 22}, "wind_speed_of_gust"},
      {{3, 0}, "air_pressure"},
      {{3, 1}, "air_pressure_at_mean_sea_level"},
      {{3, 5}, "geopotential_height"},
      {{6, 1}, "cloud_area_fraction"},
      {{7, 6}, "atmosphere_convective_available_potential_energy"},
      {{16, 4}, "equivalent_reflectivity_factor"},
      {{19, 0}, "visibility_in_air"},
  };
  const auto it = table.find({m.integer("parameterCategory").value_or(-1), m.integer("parameterNumber").value_or(-1)});
  return it == table.end() ? nullptr : it->second;
}

// The unit in which WMO table 4.2 gives a quantity, for messages whose unit ecCodes does not know either.
const char* unit_of_numbers(const std::string& quantity) {
  static const std::map<std::string, const char*, std::less<>> table{{"relative_humidity", "%"}, {"cloud_area_fraction", "%"}, {"rainfall_rate", "kg m-2 s-1"}};
  if (const auto it = table.find(quantity); it != table.end()) return it->second;
  return find_quantity(quantity)->unit.c_str();
}

// A field that stands for a distribution is not the quantity itself: "probability_of_", "spread_of_", ...; empty for a plain
// value, a control or member, and a mean (GRIB2 product definition templates 4.2, 4.5, 4.6, 4.9, 4.10, 4.12; code table 4.7).
std::string distribution_prefix(const GribMessage& m, FieldMeta& meta) {
  switch (m.integer("productDefinitionTemplateNumber").value_or(-1)) {
    case 5:
    case 9: {
      const auto limit = [&](const char* value, const char* factor) { return m.number(value).value_or(0) * std::pow(10.0, -m.number(factor).value_or(0)); };
      const long type = m.integer("probabilityType").value_or(-1);
      const double low = limit("scaledValueOfLowerLimit", "scaleFactorOfLowerLimit"), high = limit("scaledValueOfUpperLimit", "scaleFactorOfUpperLimit");
      if (type == 0) meta.level += fmt::format(" below {:g}", low);
      if (type == 1) meta.level += fmt::format(" above {:g}", high);
      if (type == 2) meta.level += fmt::format(" between {:g} and {:g}", low, high);
      if (type == 3) meta.level += fmt::format(" above {:g}", low);
      if (type == 4) meta.level += fmt::format(" below {:g}", high);
      return "probability_of_";
    }
    case 6:
    case 10: return fmt::format("percentile_{}_of_", m.integer("percentileValue").value_or(0));
    case 2:
    case 12: {
      const long derived = m.integer("derivedForecast").value_or(0);
      if (derived == 0 || derived == 1 || derived == 6) return {};
      return derived >= 2 && derived <= 4 ? "spread_of_" : fmt::format("derived_{}_of_", derived);
    }
    default: return {};
  }
}

// Wind components along a grid's own axes are not eastward and northward (GRIB2 flag table 3.3, bit 5).
bool is_grid_relative(const GribMessage& m) {
  return m.integer("uvRelativeToGrid").value_or(0) == 1 && m.text("gridType") != "regular_ll" && m.text("gridType") != "regular_gg" &&
         m.text("gridType") != "reduced_gg" && m.text("gridType") != "mercator";
}

TimePoint reference_time(const GribMessage& m) {
  const long date = m.require_integer("dataDate"), time = m.integer("dataTime").value_or(0);
  try {
    return parse_time(fmt::format("{:08}{:04}", date, time)) + Seconds(m.integer("second").value_or(0) % 60);
  } catch (const Error& e) {
    throw Error(m.place(), e.reason());
  }
}

std::optional<Interval> step_interval(const GribMessage& m, TimePoint reference) {
  struct UnitName {
    const char* name;
    long seconds;
  };
  for (const UnitName u : {UnitName{"m", 60}, UnitName{"s", 1}, UnitName{"h", 3600}}) {
    std::size_t size = 2;
    if (codes_set_string(m.handle(), "stepUnits", u.name, &size) != CODES_SUCCESS) continue;
    const auto start = m.integer("startStep"), end = m.integer("endStep");
    if (start && end) return Interval{reference + Seconds(*start * u.seconds), reference + Seconds(*end * u.seconds)};
  }
  return std::nullopt;
}

TimeKind kind_of(const std::string& step_type) {
  if (step_type == "accum") return TimeKind::accumulation;
  if (step_type == "avg") return TimeKind::mean;
  if (step_type == "max") return TimeKind::maximum;
  if (step_type == "min") return TimeKind::minimum;
  return TimeKind::instant;
}

// Surfaces of potential vorticity south of the equator are negative; the sign is the first bit of the scaled value, which ecCodes takes for a part of it.
std::string potential_vorticity(const GribMessage& m) {
  constexpr long kSign = 0x80000000L;
  const auto scaled = m.integer("scaledValueOfFirstFixedSurface"), factor = m.integer("scaleFactorOfFirstFixedSurface");
  if (!scaled || !factor) return {};
  const auto value = static_cast<double>(*scaled & kSign ? -(*scaled & ~kSign) : *scaled);
  return fmt::format("{:g} K m2 kg-1 s-1", value * std::pow(10.0, static_cast<double>(-*factor)));
}

std::string level_text(const GribMessage& m, const GribParameter& p) {
  const std::string &type = p.level_type, &level = p.level;
  if (type == "potentialVorticity")
    if (const std::string value = potential_vorticity(m); !value.empty()) return type + " " + value;
  if (type == "surface" || type == "meanSea") return type == "surface" ? "surface" : "mean sea level";
  if (type == "isobaricInhPa") return level + " hPa";
  if (type == "isobaricInPa") return level + " Pa";
  if (type == "heightAboveGround") return level + " m";
  return level.empty() || level == "0" ? type : type + " " + level;
}

// Chooses the quantity and the unit of the raw values, and completes the interval where only the parameter tells it.
void name_quantity(const GribMessage& m, const GribParameter& parameter, FieldMeta& meta, std::string& unit) {
  unit = parameter.units;
  std::string short_name = parameter.short_name;
  if (short_name == "unknown" || short_name == "~") short_name.clear();
  const char* name = quantity_of_short_name(short_name);
  if (!name && short_name.empty()) {
    name = quantity_of_numbers(m);
    if (name && (unit == "unknown" || unit == "~")) unit = unit_of_numbers(name);
  }
  if (name && is_grid_relative(m)) {
    if (std::string_view(name) == "eastward_wind") name = "x_wind";
    if (std::string_view(name) == "northward_wind") name = "y_wind";
  }
  // GRIB1 of ECMWF and those who use its table says "surface" of what the parameter itself puts at a height: 2t, 2d, 10u, 100v.
  if (const std::size_t digits = short_name.find_first_not_of("0123456789"); name && meta.level == "surface" && digits > 0 && digits != std::string::npos)
    meta.level = short_name.substr(0, digits) + " m";
  if (name && meta.level == "surface" && std::string_view(name) == "air_pressure_at_mean_sea_level") meta.level = "mean sea level";
  // Heights of the ground, which some producers give as geopotential or plain height at the surface.
  if (name && meta.level == "surface" && (std::string_view(name) == "geopotential_height" || std::string_view(name) == "geometric_height"))
    name = "surface_altitude";
  if (name && meta.level == "isothermZero" && std::string_view(name) == "geometric_height") {
    name = "freezing_level_altitude";
    meta.level.clear();
  }
  if (const auto product = mrms_product(m)) {
    name = product->quantity;
    unit = product->unit;
    if (product->minutes > 0 && meta.valid.begin == meta.valid.end) {
      meta.kind = TimeKind::accumulation;
      meta.valid.begin = meta.valid.end - Seconds(product->minutes * 60);
    }
  }
  if (name && std::string_view(name) == "rainfall_rate" && unit == "m s**-1") unit = "m s-1 of water";
  if (short_name == "z" && units_convertible(unit, "m2 s-2")) unit = "m2 s-2 of geopotential";
  const Quantity* known = name ? find_quantity(name) : nullptr;
  if (known && units_convertible(unit, known->unit)) {
    meta.quantity = *known;
  } else if (name || !short_name.empty()) {
    meta.quantity = {name ? std::string(name) : short_name, unit};
  } else {
    if (unit == "unknown" || unit == "~") unit = "1";
    meta.quantity = {
        fmt::format("grib{}_{}_{}_{}", m.integer("edition").value_or(2), m.integer("discipline").value_or(m.integer("table2Version").value_or(0)),
                    m.integer("parameterCategory").value_or(0), m.integer("parameterNumber").value_or(m.integer("indicatorOfParameter").value_or(0))),
        unit};
  }
  if (const std::string prefix = distribution_prefix(m, meta); !prefix.empty()) {
    if (prefix == "probability_of_") unit = "%";
    meta.quantity = {prefix + meta.quantity.name, unit};
  }
  // ECMWF marks amounts that run from the start of the forecast as instants (GRIB1 time range indicator 0).
  if (is_amount(meta.quantity) && meta.kind == TimeKind::instant && meta.reference < meta.valid.end) {
    meta.kind = TimeKind::accumulation;
    meta.valid.begin = meta.reference;
  }
}

}  // namespace

FieldMeta grib_meta(const GribMessage& m, std::string& unit) {
  FieldMeta meta;
  meta.source = m.path();
  meta.format = m.integer("edition").value_or(2) == 1 ? "GRIB1" : "GRIB2";
  const GribParameter parameter = grib_parameter(m);
  meta.level = level_text(m, parameter);
  if (const auto member = m.integer("perturbationNumber")) meta.member = static_cast<int>(*member);
  else if (const auto number = m.integer("number")) meta.member = static_cast<int>(*number);
  meta.reference = reference_time(m);
  meta.kind = kind_of(parameter.step_type);
  const auto interval = step_interval(m, meta.reference);
  if (interval) meta.valid = *interval;
  else meta.valid = {meta.reference, meta.reference};
  if (meta.kind == TimeKind::instant) meta.valid.begin = meta.valid.end;

  name_quantity(m, parameter, meta, unit);
  return meta;
}

}  // namespace guyu
