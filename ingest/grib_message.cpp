#include "ingest/grib_message.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "engine/core/error.h"

namespace guyu {

GribMessage::GribMessage(codes_handle* handle, std::string path, int number)
    : handle_(handle), path_(std::move(path)), number_(number) {}
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

std::vector<double> GribMessage::numbers(const char* key) const {
  std::size_t n = 0;
  int rc = codes_get_size(handle_, key, &n);
  constexpr std::size_t kMax = std::size_t{1} << 31;
  if (rc == CODES_SUCCESS && n > kMax) throw Error(place(), fmt::format("claims {} values, which is not possible", n));
  std::vector<double> v(n);
  if (rc == CODES_SUCCESS) rc = codes_get_double_array(handle_, key, v.data(), &n);
  if (rc != CODES_SUCCESS) throw Error(place(), fmt::format("{} cannot be decoded: {}", key, codes_get_error_message(rc)));
  v.resize(n);
  return v;
}

std::vector<long> GribMessage::integers(const char* key) const {
  std::size_t n = 0;
  int rc = codes_get_size(handle_, key, &n);
  std::vector<long> v(n);
  if (rc == CODES_SUCCESS) rc = codes_get_long_array(handle_, key, v.data(), &n);
  if (rc != CODES_SUCCESS) throw Error(place(), fmt::format("{} cannot be decoded: {}", key, codes_get_error_message(rc)));
  v.resize(n);
  return v;
}

namespace {

bool is_mrms(const GribMessage& m) { return m.integer("discipline").value_or(-1) == 209; }

// MRMS product table, discipline 209 (NSSL MRMS GRIB2 tables, version 12).
struct MrmsProduct {
  const char* quantity;
  const char* unit;
  int hours;  // accumulation, 0 = instant
};
const MrmsProduct* mrms_product(long category, long number) {
  static const std::map<std::pair<long, long>, MrmsProduct> table = [] {
    std::map<std::pair<long, long>, MrmsProduct> t;
    t[{6, 1}] = {"rainfall_rate", "mm h-1", 0};
    constexpr std::array<int, 7> kHours{1, 3, 6, 12, 24, 48, 72};
    for (long k = 0; k < 7; ++k) {
      for (const long first : {2L, 30L, 37L}) t[{6, first + k}] = {"precipitation_amount", "mm", kHours[static_cast<std::size_t>(k)]};
    }
    for (long k = 0; k <= 30; ++k) t[{9, k}] = {"equivalent_reflectivity_factor", "dBZ", 0};
    t[{3, 57}] = {"equivalent_reflectivity_factor", "dBZ", 0};  // at lowest altitude
    for (const long k : {0L, 3L, 4L, 7L}) t[{10, k}] = {"equivalent_reflectivity_factor", "dBZ", 0};
    return t;
  }();
  const auto it = table.find({category, number});
  return it == table.end() ? nullptr : &it->second;
}

const char* quantity_of_short_name(const std::string& short_name) {
  static const std::map<std::string, const char*> table{
      {"tp", "precipitation_amount"},    {"acpcp", "precipitation_amount_convective"},
      {"prate", "rainfall_rate"},        {"tprate", "rainfall_rate"},
      {"rprate", "rainfall_rate"},       {"sf", "snowfall_amount"},
      {"t", "air_temperature"},          {"2t", "air_temperature"},
      {"d", "dew_point_temperature"},    {"2d", "dew_point_temperature"},
      {"dpt", "dew_point_temperature"},  {"r", "relative_humidity"},
      {"2r", "relative_humidity"},       {"q", "specific_humidity"},
      {"2sh", "specific_humidity"},      {"u", "eastward_wind"},
      {"10u", "eastward_wind"},          {"100u", "eastward_wind"},
      {"v", "northward_wind"},           {"10v", "northward_wind"},
      {"100v", "northward_wind"},        {"ws", "wind_speed"},
      {"10si", "wind_speed"},            {"gust", "wind_speed_of_gust"},
      {"10fg", "wind_speed_of_gust"},    {"i10fg", "wind_speed_of_gust"},
      {"sp", "surface_air_pressure"},    {"pres", "air_pressure"},
      {"msl", "air_pressure_at_mean_sea_level"},
      {"prmsl", "air_pressure_at_mean_sea_level"},
      {"mslet", "air_pressure_at_mean_sea_level"},
      {"gh", "geopotential_height"},     {"orog", "surface_altitude"},
      {"vis", "visibility_in_air"},      {"tcc", "cloud_area_fraction"},
      {"cape", "atmosphere_convective_available_potential_energy"},
      {"refd", "equivalent_reflectivity_factor"},
      {"refc", "equivalent_reflectivity_factor"},
  };
  const auto it = table.find(short_name);
  return it == table.end() ? nullptr : it->second;
}

// Wind components along a grid's own axes are not eastward and northward (GRIB2 flag table 3.3, bit 5).
bool is_grid_relative(const GribMessage& m) {
  return m.integer("uvRelativeToGrid").value_or(0) == 1 && m.text("gridType") != "regular_ll" &&
         m.text("gridType") != "regular_gg" && m.text("gridType") != "reduced_gg" && m.text("gridType") != "mercator";
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
  struct UnitName { const char* name; long seconds; };
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

std::string level_text(const GribMessage& m) {
  const std::string type = m.text("typeOfLevel"), level = m.text("level");
  if (type == "surface" || type == "meanSea") return type == "surface" ? "surface" : "mean sea level";
  if (type == "isobaricInhPa") return level + " hPa";
  if (type == "isobaricInPa") return level + " Pa";
  if (type == "heightAboveGround") return level + " m";
  return level.empty() || level == "0" ? type : type + " " + level;
}

}  // namespace

FieldMeta grib_meta(const GribMessage& m, std::string& unit) {
  FieldMeta meta;
  meta.source = m.path();
  meta.format = m.integer("edition").value_or(2) == 1 ? "GRIB1" : "GRIB2";
  meta.level = level_text(m);
  if (const auto member = m.integer("perturbationNumber")) meta.member = static_cast<int>(*member);
  else if (const auto number = m.integer("number")) meta.member = static_cast<int>(*number);
  meta.reference = reference_time(m);
  const std::string step_type = m.text("stepType");
  meta.kind = kind_of(step_type);
  const auto interval = step_interval(m, meta.reference);
  if (interval) meta.valid = *interval;
  else meta.valid = {meta.reference, meta.reference};
  if (meta.kind == TimeKind::instant) meta.valid.begin = meta.valid.end;

  unit = m.text("units");
  const std::string short_name = m.text("shortName");
  const char* name = quantity_of_short_name(short_name);
  if (name && is_grid_relative(m)) {
    if (std::string(name) == "eastward_wind") name = "x_wind";
    if (std::string(name) == "northward_wind") name = "y_wind";
  }
  if (is_mrms(m)) {
    const MrmsProduct* p = mrms_product(m.require_integer("parameterCategory"), m.require_integer("parameterNumber"));
    name = p ? p->quantity : nullptr;
    if (p) unit = p->unit;
    if (p && p->hours > 0 && meta.valid.begin == meta.valid.end) {
      meta.kind = TimeKind::accumulation;
      meta.valid.begin = meta.valid.end - Seconds(p->hours * 3600);
    }
  }
  if (name && std::string(name) == "rainfall_rate" && unit == "m s**-1") unit = "m s-1 of water";
  const Quantity* known = name ? find_quantity(name) : nullptr;
  if (known && units_convertible(unit, known->unit)) {
    meta.quantity = *known;
  } else if (name) {
    meta.quantity = {name, unit};
  } else if (!short_name.empty() && short_name != "unknown" && short_name != "~") {
    meta.quantity = {short_name, unit};
  } else {
    meta.quantity = {fmt::format("grib{}_{}_{}_{}", m.integer("edition").value_or(2),
                                 m.integer("discipline").value_or(m.integer("table2Version").value_or(0)),
                                 m.integer("parameterCategory").value_or(0),
                                 m.integer("parameterNumber").value_or(m.integer("indicatorOfParameter").value_or(0))),
                     unit == "unknown" || unit == "~" ? "1" : unit};
    unit = meta.quantity.unit;
  }
  return meta;
}

void apply_local_sentinels(const GribMessage& m, const Quantity& quantity, std::vector<double>& values) {
  if (!is_mrms(m)) return;
  const bool dbz = quantity == quantities::reflectivity();
  const bool rain = m.integer("parameterCategory").value_or(-1) == 6;
  for (double& v : values) {
    if (v == -999.0 || (rain && v < 0)) v = std::numeric_limits<double>::quiet_NaN();
    else if (dbz && v == -99.0) v = -32.0;  // covered, no echo
  }
}

}  // namespace guyu
