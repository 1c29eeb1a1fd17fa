#include "ingest/csv_columns.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "engine/core/error.h"
#include "ingest/netcdf_cf.h"

namespace guyu {
namespace {

std::string trimmed(std::string_view s) {
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return std::string(s);
}

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

void replace_all(std::string& s, const std::string& what, const std::string& by) {
  for (std::size_t at = s.find(what); at != std::string::npos; at = s.find(what, at + by.size())) s.replace(at, what.size(), by);
}

// Lower case without blanks, dashes and underscores.
std::string plain(const std::string& s) {
  std::string out;
  for (const char c : lower(s)) {
    if (!std::isspace(static_cast<unsigned char>(c)) && c != '_' && c != '-') out += c;
  }
  return out;
}

struct Name {
  const char* name;
  CsvRole role;
};
// Of columns that are no values, as plain() leaves them. The Chinese names are those of CIMISS and of exports from MICAPS and MDOS.
constexpr std::array kRoles{
    Name{"code", CsvRole::code},
    Name{"id", CsvRole::code},
    Name{"station", CsvRole::code},
    Name{"stationid", CsvRole::code},
    Name{"stationcode", CsvRole::code},
    Name{"stationnumber", CsvRole::code},
    Name{"stid", CsvRole::code},
    Name{"sid", CsvRole::code},
    Name{"wmo", CsvRole::code},
    Name{"wmoid", CsvRole::code},
    Name{"wigosid", CsvRole::code},
    Name{"stationidc", CsvRole::code},
    Name{"stationidd", CsvRole::code},
    Name{"站号", CsvRole::code},
    Name{"区站号", CsvRole::code},
    Name{"台站号", CsvRole::code},
    Name{"站点编号", CsvRole::code},
    Name{"测站编码", CsvRole::code},
    Name{"站码", CsvRole::code},
    Name{"name", CsvRole::name},
    Name{"stationname", CsvRole::name},
    Name{"站名", CsvRole::name},
    Name{"站点名称", CsvRole::name},
    Name{"lon", CsvRole::longitude},
    Name{"long", CsvRole::longitude},
    Name{"lng", CsvRole::longitude},
    Name{"longitude", CsvRole::longitude},
    Name{"经度", CsvRole::longitude},
    Name{"lat", CsvRole::latitude},
    Name{"latitude", CsvRole::latitude},
    Name{"纬度", CsvRole::latitude},
    Name{"elevation", CsvRole::elevation},
    Name{"elev", CsvRole::elevation},
    Name{"altitude", CsvRole::elevation},
    Name{"alt", CsvRole::elevation},
    Name{"alti", CsvRole::elevation},
    Name{"height", CsvRole::elevation},
    Name{"海拔", CsvRole::elevation},
    Name{"海拔高度", CsvRole::elevation},
    Name{"测站高度", CsvRole::elevation},
    Name{"time", CsvRole::time},
    Name{"datetime", CsvRole::time},
    Name{"date", CsvRole::time},
    Name{"timestamp", CsvRole::time},
    Name{"validtime", CsvRole::time},
    Name{"obstime", CsvRole::time},
    Name{"时间", CsvRole::time},
    Name{"资料时间", CsvRole::time},
    Name{"观测时间", CsvRole::time},
    Name{"日期时间", CsvRole::time},
    Name{"year", CsvRole::year},
    Name{"年", CsvRole::year},
    Name{"mon", CsvRole::month},
    Name{"month", CsvRole::month},
    Name{"月", CsvRole::month},
    Name{"day", CsvRole::day},
    Name{"日", CsvRole::day},
    Name{"hour", CsvRole::hour},
    Name{"时", CsvRole::hour},
    Name{"minute", CsvRole::minute},
    Name{"min", CsvRole::minute},
    Name{"分", CsvRole::minute},
};

struct ValueName {
  const char* name;
  const char* quantity;
};
// As plain() leaves them, without the period of an amount.
constexpr std::array kValues{
    ValueName{"rain", "precipitation_amount"},
    ValueName{"rainfall", "precipitation_amount"},
    ValueName{"precipitation", "precipitation_amount"},
    ValueName{"precip", "precipitation_amount"},
    ValueName{"prcp", "precipitation_amount"},
    ValueName{"pre", "precipitation_amount"},
    ValueName{"pr", "precipitation_amount"},
    ValueName{"rr", "precipitation_amount"},
    ValueName{"r", "precipitation_amount"},
    ValueName{"rainfallamount", "precipitation_amount"},
    ValueName{"precipitationamount", "precipitation_amount"},
    ValueName{"降水", "precipitation_amount"},
    ValueName{"降水量", "precipitation_amount"},
    ValueName{"降雨量", "precipitation_amount"},
    ValueName{"雨量", "precipitation_amount"},
    ValueName{"rainfallrate", "rainfall_rate"},
    ValueName{"rainrate", "rainfall_rate"},
    ValueName{"雨强", "rainfall_rate"},
    ValueName{"t", "air_temperature"},
    ValueName{"temp", "air_temperature"},
    ValueName{"temperature", "air_temperature"},
    ValueName{"tem", "air_temperature"},
    ValueName{"t2m", "air_temperature"},
    ValueName{"airtemperature", "air_temperature"},
    ValueName{"气温", "air_temperature"},
    ValueName{"温度", "air_temperature"},
    ValueName{"dewpoint", "dew_point_temperature"},
    ValueName{"td", "dew_point_temperature"},
    ValueName{"露点温度", "dew_point_temperature"},
    ValueName{"dewpointtemperature", "dew_point_temperature"},
    ValueName{"windspeed", "wind_speed"},
    ValueName{"wind", "wind_speed"},
    ValueName{"ws", "wind_speed"},
    ValueName{"ff", "wind_speed"},
    ValueName{"风速", "wind_speed"},
    ValueName{"winsavg2mi", "wind_speed"},
    ValueName{"gust", "wind_speed_of_gust"},
    ValueName{"windgust", "wind_speed_of_gust"},
    ValueName{"windspeedofgust", "wind_speed_of_gust"},
    ValueName{"极大风速", "wind_speed_of_gust"},
    ValueName{"rh", "relative_humidity"},
    ValueName{"rhu", "relative_humidity"},
    ValueName{"humidity", "relative_humidity"},
    ValueName{"relativehumidity", "relative_humidity"},
    ValueName{"相对湿度", "relative_humidity"},
    ValueName{"mslp", "air_pressure_at_mean_sea_level"},
    ValueName{"slp", "air_pressure_at_mean_sea_level"},
    ValueName{"海平面气压", "air_pressure_at_mean_sea_level"},
};

const char* usual_unit(const std::string& quantity) {
  if (quantity == "precipitation_amount") return "mm";
  if (quantity == "rainfall_rate") return "mm h-1";
  if (quantity == "air_temperature" || quantity == "dew_point_temperature") return "degC";
  if (quantity == "relative_humidity") return "%";
  if (quantity == "air_pressure_at_mean_sea_level") return "hPa";
  return "m s-1";
}

// "1h", "24小时", "5min", "10分钟" at either end of a plain name; takes it off.
std::optional<Seconds> take_period(std::string& name) {
  static constexpr std::array<std::pair<const char*, int>, 9> kUnits{
      {{"分钟", 60}, {"小时", 3600}, {"min", 60}, {"hour", 3600}, {"hr", 3600}, {"日", 86400}, {"h", 3600}, {"m", 60}, {"d", 86400}}};
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  for (const auto& unit : kUnits) {
    const std::string u = unit.first;
    const auto length = [&](std::string_view digits) { return Seconds(std::atol(std::string(digits).c_str()) * unit.second); };
    if (name.size() > u.size() && name.ends_with(u)) {
      std::size_t from = name.size() - u.size();
      while (from > 0 && digit(name[from - 1])) --from;
      const std::string_view digits = std::string_view(name).substr(from, name.size() - u.size() - from);
      if (!digits.empty() && digits.size() < 5 && from > 0) {
        const Seconds period = length(digits);
        name.resize(from);
        return period;
      }
    }
    std::size_t end = 0;
    while (end < name.size() && digit(name[end])) ++end;
    if (end > 0 && end < 5 && name.compare(end, u.size(), u) == 0 && name.size() > end + u.size()) {
      const Seconds period = length(std::string_view(name).substr(0, end));
      name.erase(0, end + u.size());
      return period;
    }
  }
  if (name.starts_with("小时")) {  // "小时雨量": of one
    name.erase(0, std::string("小时").size());
    return Seconds(3600);
  }
  return std::nullopt;
}

// "rain [mm]" or "气温(℃)" -> the part in brackets; takes it off.
std::string take_brackets(std::string& heading) {
  for (const char* wide : {"（", "【"}) replace_all(heading, wide, "(");
  for (const char* wide : {"）", "】"}) replace_all(heading, wide, ")");
  const auto open = heading.find_first_of("([");
  if (open == std::string::npos) return {};
  const auto close = heading.find_last_of(")]");
  std::string inside = trimmed(std::string_view(heading).substr(open + 1, close == std::string::npos || close < open ? std::string::npos : close - open - 1));
  heading = trimmed(std::string_view(heading).substr(0, open));
  return inside;
}

// "UTC+8", "+08:00", "北京时", "BJT" -> minutes east of UTC.
int offset_of(std::string text) {
  text = lower(text);
  if (text.find("北京") != std::string::npos || text == "bjt" || text == "cst" || text == "asia/shanghai") return 480;
  const auto sign = text.find_first_of("+-");
  if (sign == std::string::npos) return 0;
  int hours = 0, minutes = 0;
  if (std::sscanf(text.c_str() + sign + 1, "%2d:%2d", &hours, &minutes) < 1) return 0;
  return (text[sign] == '-' ? -1 : 1) * (60 * hours + minutes);
}

void set_unit(CsvColumn& c, std::string unit) {
  if (unit == "℃" || unit == "°C" || unit == "C") unit = "degC";
  if (unit == "毫米") unit = "mm";
  if (unit == "米/秒" || unit == "m·s-1") unit = "m s-1";
  // "mm/10min", "mm/5 min": an amount over that time; "mm/h" is a rate.
  if (const auto slash = unit.find("mm/"); slash == 0) {
    std::string over = "x" + plain(unit.substr(3));
    if (const auto period = take_period(over); period && over == "x") c.period = period, unit = "mm";
  }
  if (c.quantity.name == "precipitation_amount" && units_convertible(unit, "mm h-1")) c.quantity = quantities::rainfall_rate();
  c.unit_stated = !unit.empty();
  c.unit = c.unit_stated ? unit : usual_unit(c.quantity.name);
  if (!units_convertible(c.unit, c.quantity.unit)) {
    throw Error("", "the column '" + c.heading + "' cannot be " + c.quantity.name + " in '" + c.unit + "'",
                "write its unit as " + c.quantity.unit + " or " + usual_unit(c.quantity.name));
  }
}

}  // namespace

std::vector<std::string> csv_fields(std::string_view line, char separator) {
  std::vector<std::string> fields;
  std::string field;
  bool quoted = false, was_quoted = false;
  const auto done = [&] { fields.push_back(was_quoted ? field : trimmed(field)), field.clear(), was_quoted = false; };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c != '"') field += c;
      else if (i + 1 < line.size() && line[i + 1] == '"') field += line[++i];
      else quoted = false;
    } else if (c == '"' && trimmed(field).empty()) {
      quoted = was_quoted = true;
      field.clear();
    } else if (c == separator) {
      done();
    } else if (!was_quoted || !std::isspace(static_cast<unsigned char>(c))) {
      field += c;
    }
  }
  done();
  return fields;
}

CsvColumn csv_column(const std::string& heading) {
  CsvColumn c;
  c.heading = heading;
  std::string name = heading;
  const std::string inside = take_brackets(name);
  name = plain(name);
  for (const Name& n : kRoles) {
    if (name != n.name) continue;
    c.role = n.role;
    if (c.role == CsvRole::time || c.role == CsvRole::hour) c.offset_minutes = offset_of(inside);
    return c;
  }
  std::string base = name;
  const auto period = take_period(base);
  const auto value = std::find_if(kValues.begin(), kValues.end(), [&](const ValueName& v) { return base == v.name || name == v.name; });
  std::string quantity = value == kValues.end() ? cf_quantity(trimmed(std::string_view(heading).substr(0, heading.find_first_of("([")))) : value->quantity;
  if (quantity.empty()) return c;
  c.role = CsvRole::value;
  c.quantity = *find_quantity(quantity);
  if (quantity == "precipitation_amount") c.period = period;
  set_unit(c, inside);
  return c;
}

std::optional<char> csv_separator(std::string_view line) {
  std::optional<char> best;
  std::size_t most = 1;
  for (const char separator : {',', ';', '\t', '|'}) {
    std::size_t known = 0;
    bool place = false;
    for (const std::string& field : csv_fields(line, separator)) {
      try {
        const CsvColumn c = csv_column(field);
        known += c.role == CsvRole::other ? 0 : 1;
        place = place || c.role == CsvRole::longitude || c.role == CsvRole::latitude;
      } catch (const Error&) {
        ++known;  // a column of ours whose unit is told when the file is read
      }
    }
    if (place && known > most) most = known, best = separator;
  }
  return best;
}

}  // namespace guyu
