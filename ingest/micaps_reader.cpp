#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/longitude.h"
#include "ingest/reader.h"
#include "ingest/text_encoding.h"

// MICAPS text data (China Meteorological Administration): diamond 3 (stations), 4 (scalar grid) and 11 (u and v grids). Headings are
// GBK or UTF-8; times are Beijing time (UTC+8); 9999 is missing. The quantity is only written in the heading, in words.
namespace guyu {
namespace {

class Tokens {
 public:
  Tokens(std::string path, const std::string& text, std::size_t at) : path_(std::move(path)), at_(text.c_str() + at) {}
  double number(const char* what) {
    char* end = nullptr;
    const double v = std::strtod(at_, &end);
    if (end == at_) throw Error(path_, fmt::format("{} is absent: the file is truncated or no MICAPS text", what));
    at_ = end;
    return v;
  }
  std::int64_t integer(const char* what, std::int64_t low, std::int64_t high) {
    const double v = number(what);
    if (!(v >= static_cast<double>(low) && v <= static_cast<double>(high))) throw Error(path_, fmt::format("{} is {}, which is not possible", what, v));
    return static_cast<std::int64_t>(v);
  }
  bool at_end() {
    while (std::isspace(static_cast<unsigned char>(*at_))) ++at_;
    return *at_ == '\0';
  }
  std::string word(const char* what) {
    at_end();  // skips blanks
    std::string w;
    while (*at_ && !std::isspace(static_cast<unsigned char>(*at_))) w += *at_++;
    if (w.empty()) throw Error(path_, fmt::format("{} is absent: the file is truncated", what));
    return w;
  }

 private:
  std::string path_;
  const char* at_;
};

struct Heading {
  int diamond = 0;
  std::string title;     // UTF-8
  std::size_t body = 0;  // offset of the second line
};

std::optional<Heading> heading_of(const std::string& text) {
  Heading h;
  int used = 0;
  const std::size_t mark = text.rfind("\xef\xbb\xbf", 0) == 0 ? 3 : 0;  // UTF-8 byte order mark
  if (std::sscanf(text.c_str() + mark, " diamond %d%n", &h.diamond, &used) != 1) return std::nullopt;
  const auto end = std::min(text.find('\n'), text.size());
  const auto from = std::min(mark + static_cast<std::size_t>(used), end);
  h.title = as_utf8(text.substr(from, end - from));
  h.body = std::min(end + 1, text.size());
  return h;
}

bool has(const std::string& s, const char* part) { return s.find(part) != std::string::npos; }

// "24小时降水" -> 24
int hours_in(const std::string& title) {
  const auto at = title.find("小时");
  if (at == std::string::npos) return 0;
  std::size_t from = at;
  while (from > 0 && std::isdigit(static_cast<unsigned char>(title[from - 1]))) --from;
  return from < at ? std::atoi(title.substr(from, at - from).c_str()) : 0;
}

void name_quantity(const std::string& title, FieldMeta& meta, std::string& unit) {
  const auto set = [&](const char* name, const char* u) {
    meta.quantity = *find_quantity(name);
    unit = u;
  };
  if (has(title, "降水") || has(title, "雨量")) {
    set("precipitation_amount", "mm");
    if (const int hours = hours_in(title); hours > 0) {
      meta.kind = TimeKind::accumulation;
      meta.valid.begin = meta.valid.end - Seconds(hours * 3600);
    }
  } else if (has(title, "高度")) {
    set("geopotential_height", "dagpm");
  } else if (has(title, "温")) {
    set("air_temperature", "degC");
  } else {
    meta.quantity = {"micaps_value", "1"};
    unit = "1";
  }
}

// Year (two or four digits), month, day, hour in Beijing time.
TimePoint beijing_time(Tokens& t, const std::string& path) {
  std::int64_t year = t.integer("the year", 0, 2200);
  const auto month = t.integer("the month", 1, 12), day = t.integer("the day", 1, 31), hour = t.integer("the hour", 0, 23);
  if (year < 100) year += year < 70 ? 2000 : 1900;
  try {
    return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:00:00+08:00", year, month, day, hour));
  } catch (const Error& e) {
    throw Error(path, e.reason());
  }
}

float value_of(double v) { return v == 9999 || v == 999999 || !std::isfinite(v) ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(v); }

// The heading gives step, ends and number; they must agree.
void check_step(const std::string& path, const char* what, double first, double last, double step, std::int64_t n) {
  const double span = std::abs(last - first);
  if (!(step > 0) || !(std::abs(span - step * static_cast<double>(n - 1)) <= 0.5 * step)) {
    throw Error(path, fmt::format("{} points every {} degrees of {} do not reach from {} to {}", n, step, what, first, last));
  }
}

class MicapsReader final : public Reader {
 public:
  std::string_view format() const override { return "MICAPS"; }

  bool recognises(std::span<const std::byte> head, const std::string&) const override {
    const std::string text(reinterpret_cast<const char*>(head.data()), std::min<std::size_t>(head.size(), 64));
    return heading_of(text).has_value();
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink&) const override {
    const std::string text = read_text_file(path);
    const Heading h = *heading_of(text);
    if (h.diamond == 3) throw Error(path, "holds stations (MICAPS diamond 3), not a grid");
    if (h.diamond != 4 && h.diamond != 11) throw Error(path, fmt::format("MICAPS diamond {} is not known", h.diamond), "known are 3, 4 and 11");
    Tokens t(path, text, h.body);
    FieldMeta meta;
    meta.source = path;
    meta.format = fmt::format("MICAPS diamond {}", h.diamond);
    meta.reference = beijing_time(t, path);
    meta.valid.end = meta.reference + Seconds(t.integer("the lead time", 0, 100000) * 3600);
    meta.valid.begin = meta.valid.end;
    if (const double level = t.number("the level"); level > 0 && level < 9999) meta.level = fmt::format("{:g} hPa", level);
    const double dx = std::abs(t.number("the longitude step")), dy = std::abs(t.number("the latitude step"));
    const double lon0 = t.number("the first longitude"), lon1 = t.number("the last longitude");
    const double lat0 = t.number("the first latitude"), lat1 = t.number("the last latitude");
    const std::int64_t nx = t.integer("the number of columns", 1, 100000), ny = t.integer("the number of rows", 1, 100000);
    if (nx * ny > static_cast<std::int64_t>(text.size())) throw Error(path, fmt::format("claims {} x {} values in {} bytes", nx, ny, text.size()));
    if (h.diamond == 4) {
      for (const char* what : {"the contour step", "the first contour", "the last contour", "the smoothing", "the bold contour"}) t.number(what);
    }
    check_step(path, "longitude", lon0, lon1, dx, nx);
    check_step(path, "latitude", lat0, lat1, dy, ny);
    LongitudeAxis axis{std::min(lon0, lon1), dx};
    std::vector<float> one_row(static_cast<std::size_t>(nx));
    to_signed_longitudes(axis, 1, nx, one_row);
    const Grid grid("+proj=longlat +datum=WGS84 +no_defs", axis.first, std::max(lat0, lat1), dx, dy, nx, ny);
    const int planes = h.diamond == 11 ? 2 : 1;
    for (int p = 0; p < planes; ++p) {
      std::string unit = "m s-1";
      if (h.diamond == 11) meta.quantity = *find_quantity(p == 0 ? "eastward_wind" : "northward_wind");
      else name_quantity(h.title, meta, unit);
      Field f(grid, meta);
      for (float& v : f.values()) v = value_of(t.number("a grid value"));
      if (lat0 < lat1) flip_rows(f.values(), ny, nx);
      if (lon0 > lon1) flip_columns(f.values(), ny, nx);
      LongitudeAxis as_stored{std::min(lon0, lon1), dx};
      to_signed_longitudes(as_stored, ny, nx, f.values());
      convert_in_place(f.values(), unit, meta.quantity);
      if (request.wants(f.meta.quantity)) sink(std::move(f));
    }
  }

  std::vector<StationTable> station_tables(const std::string& path, const ReadRequest& request) const override {
    const std::string text = read_text_file(path);
    const Heading h = *heading_of(text);
    if (h.diamond != 3) return {};
    Tokens t(path, text, h.body);
    StationTable table;
    table.meta.source = path;
    table.meta.format = "MICAPS diamond 3";
    table.meta.reference = beijing_time(t, path);
    table.meta.valid = {table.meta.reference, table.meta.reference};
    t.number("the level");
    std::string unit;
    name_quantity(h.title, table.meta, unit);
    const auto contours = t.integer("the number of contours", 0, 1000);
    for (std::int64_t k = 0; k < contours; ++k) t.number("a contour");
    t.number("the smoothing");
    t.number("the bold contour");
    const auto edge = t.integer("the number of border points", 0, 100000);
    for (std::int64_t k = 0; k < 2 * edge; ++k) t.number("a border point");
    const auto elements = t.integer("the number of elements", 1, 100);
    const auto count = t.integer("the number of stations", 0, 10000000);
    const UnitConversion convert = convert_units(unit, table.meta.quantity.unit);
    for (std::int64_t k = 0; k < count; ++k) {
      StationTable::Station s;
      if (t.at_end()) {
        table.problems.push_back(fmt::format("{}: claims {} stations and holds {}", path, count, k));
        break;
      }
      s.code = t.word("a station code");
      s.longitude = t.number("a longitude");
      s.latitude = t.number("a latitude");
      s.elevation = value_of(t.number("an elevation"));
      for (std::int64_t e = 0; e < elements; ++e) {
        const float v = value_of(t.number("a station value"));
        if (e == 0) s.value = static_cast<float>(convert(static_cast<double>(v)));
      }
      table.stations.push_back(std::move(s));
    }
    if (!request.wants(table.meta.quantity)) return {};
    std::vector<StationTable> tables;
    tables.push_back(std::move(table));
    return tables;
  }
};

}  // namespace

const Reader& micaps_reader() {
  static const MicapsReader reader;
  return reader;
}

}  // namespace guyu
