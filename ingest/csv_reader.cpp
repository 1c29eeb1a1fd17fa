#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/csv_columns.h"
#include "ingest/reader.h"
#include "ingest/text_encoding.h"

// Tables of stations as text: a heading that names the columns, and a line for each station and time. Lines that begin with # are comments.
namespace guyu {
namespace {

constexpr std::size_t kMostProblems = 20;  // told one by one; the rest is counted
constexpr float kCsvMissing = std::numeric_limits<float>::quiet_NaN();

bool is_csv_missing(const std::string& s) {
  static const std::set<std::string> kWords{"", "NA", "N/A", "na", "NaN", "nan", "NAN", "null", "NULL", "None", "-", "--", "/", "//", "M", "缺测"};
  if (kWords.count(s)) return true;
  static const std::set<double> kNumbers{999.9, 9999, 9999.9, 99999, 999999, 999998, 32766, 999.99, 9999.99, 99999.9};
  char* end = nullptr;
  const double v = std::strtod(s.c_str(), &end);
  return *end == '\0' && kNumbers.count(std::abs(v)) != 0;
}

double csv_number(const std::string& s, const std::string& what) {
  char* end = nullptr;
  const double v = std::strtod(s.c_str(), &end);
  if (s.empty() || *end != '\0' || !std::isfinite(v)) throw Error("", what + " '" + s + "' is no number");
  return v;
}

// Times as people write them: 2021/7/20 8:00 beside what parse_time reads.
TimePoint csv_time(std::string s, int offset_minutes) {
  std::replace(s.begin(), s.end(), '/', '-');
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, sec = 0, used = 0;
  if (std::sscanf(s.c_str(), "%4d-%2d-%2d%*[ T]%2d:%2d%n:%2d%n", &y, &mo, &d, &h, &mi, &used, &sec, &used) >= 3 &&
      (used == static_cast<int>(s.size()) || used == 0)) {
    s = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", y, mo, d, h, mi, sec);
  }
  // A clock's offset may follow the time itself; then the heading has no say.
  const auto clock = s.find_first_of("T ");
  const bool told = s.ends_with('Z') || (clock != std::string::npos && s.find_first_of("+-", clock) != std::string::npos);
  return parse_time(s) - std::chrono::minutes(told ? 0 : offset_minutes);
}

class CsvTable {
 public:
  CsvTable(const std::string& path, const std::string& text) : path_(path), text_(as_utf8(text)) {}

  std::vector<StationTable> read(const ReadRequest& request) {
    read_heading();
    while (at_ < text_.size()) {
      const std::string line = next_line();
      if (line.empty() || line[0] == '#') continue;
      try {
        read_row(line, request);
      } catch (const Error& e) {
        ++bad_;
        if (problems_.size() < kMostProblems) problems_.push_back(fmt::format("{}:{}: {}", path_, line_, e.reason()));
      }
    }
    if (bad_ > problems_.size()) problems_.push_back(fmt::format("{}: {} more lines could not be read", path_, bad_ - problems_.size()));
    if (rows_ == 0 && bad_ == 0) throw Error(path_, "holds no station");
    if (rows_ == 0) throw Error(path_, "no line of it can be read: " + problems_.front().substr(path_.size() + 1));
    return tables();
  }

 private:
  std::string next_line() {
    const auto end = std::min(text_.find('\n', at_), text_.size());
    std::string line = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++line_;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    return line;
  }

  void read_heading() {
    std::string line;
    do line = next_line();
    while (at_ < text_.size() && (line.empty() || line[0] == '#'));
    const std::string place = fmt::format("{}:{}", path_, line_);
    const auto separator = csv_separator(line);
    if (!separator) throw Error(place, "the heading names no longitude or latitude", "name the columns code, lon, lat, time and rain_1h [mm], for example");
    separator_ = *separator;
    for (const std::string& field : csv_fields(line, separator_)) {
      try {
        columns_.push_back(csv_column(field));
      } catch (const Error& e) {
        throw Error(place, e.reason(), e.remedy());
      }
    }
    const auto need = [&](CsvRole role, const char* what, const char* example) {
      if (index_of(role) == columns_.size()) throw Error(place, fmt::format("the heading names no column of {}", what), fmt::format("call it '{}'", example));
    };
    need(CsvRole::longitude, "longitudes", "lon");
    need(CsvRole::latitude, "latitudes", "lat");
    if (index_of(CsvRole::year) == columns_.size()) need(CsvRole::time, "times", "time");
    else need(CsvRole::month, "months", "month"), need(CsvRole::day, "days", "day");
    need(CsvRole::value, "a known quantity", "rain_1h [mm], temperature [degC] or wind_speed [m/s]");
    for (const CsvColumn& c : columns_) {
      if (c.role == CsvRole::value && !c.unit_stated)
        notes_.push_back(fmt::format("{}: the column '{}' states no unit: taken as {}", path_, c.heading, c.unit));
    }
  }

  std::size_t index_of(CsvRole role) const {
    return static_cast<std::size_t>(std::find_if(columns_.begin(), columns_.end(), [&](const CsvColumn& c) { return c.role == role; }) - columns_.begin());
  }

  TimePoint time_of(const std::vector<std::string>& fields) const {
    if (const std::size_t k = index_of(CsvRole::time); index_of(CsvRole::year) == columns_.size()) return csv_time(fields[k], columns_[k].offset_minutes);
    const auto part = [&](CsvRole role, const char* what) {
      const std::size_t k = index_of(role);
      return k == columns_.size() ? 0 : static_cast<int>(csv_number(fields[k], what));
    };
    const std::size_t hour = index_of(CsvRole::hour);
    const int offset = hour == columns_.size() ? 0 : columns_[hour].offset_minutes;
    return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:00", part(CsvRole::year, "the year"), part(CsvRole::month, "the month"),
                                  part(CsvRole::day, "the day"), part(CsvRole::hour, "the hour"), part(CsvRole::minute, "the minute"))) -
           std::chrono::minutes(offset);
  }

  void read_row(const std::string& line, const ReadRequest& request) {
    const std::vector<std::string> fields = csv_fields(line, separator_);
    if (fields.size() != columns_.size()) throw Error("", fmt::format("has {} fields where the heading has {}", fields.size(), columns_.size()));
    const auto field = [&](CsvRole role) -> const std::string* {
      const std::size_t k = index_of(role);
      return k == columns_.size() ? nullptr : &fields[k];
    };
    StationTable::Station s;
    if (const std::string* code = field(CsvRole::code)) s.code = *code;
    else if (const std::string* name = field(CsvRole::name)) s.code = *name;
    s.longitude = csv_number(*field(CsvRole::longitude), "the longitude");
    s.latitude = csv_number(*field(CsvRole::latitude), "the latitude");
    const std::string* elevation = field(CsvRole::elevation);
    s.elevation = !elevation || is_csv_missing(*elevation) ? kCsvMissing : static_cast<float>(csv_number(*elevation, "the elevation"));
    const TimePoint time = time_of(fields);
    std::vector<std::pair<std::size_t, float>> values;
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      if (columns_[k].role != CsvRole::value || !request.wants(columns_[k].quantity)) continue;
      values.emplace_back(k, value_of(fields[k], columns_[k]));
    }
    for (const auto& [k, v] : values) {
      s.value = v;
      stations_[{time, k}].push_back(s);
    }
    ++rows_;
  }

  static float value_of(const std::string& field, const CsvColumn& column) {
    if (is_csv_missing(field)) return kCsvMissing;
    const double v = csv_number(field, "the value of '" + column.heading + "'");
    // CIMISS: rain too little to measure.
    if (v == 999990 && column.quantity == quantities::precipitation_amount()) return 0;
    return static_cast<float>(convert_units(column.unit, column.quantity.unit)(v));
  }

  // Amounts hold over the period that the heading tells, or over the table's own step.
  std::vector<StationTable> tables() {
    std::set<TimePoint> times;
    for (const auto& [key, stations] : stations_) times.insert(key.first);
    std::optional<Seconds> step;
    for (auto a = times.begin(), b = times.empty() ? a : std::next(a); b != times.end(); ++a, ++b) step = step ? std::min(*step, *b - *a) : *b - *a;
    std::set<std::size_t> told;
    std::vector<StationTable> all;
    for (auto& [key, stations] : stations_) {
      const CsvColumn& column = columns_[key.second];
      StationTable t;
      t.meta.source = path_;
      t.meta.format = "CSV";
      t.meta.quantity = column.quantity;
      t.meta.reference = key.first;
      t.meta.valid = {key.first, key.first};
      if (column.quantity == quantities::precipitation_amount()) {
        const auto period = column.period ? column.period : step;
        if (period) {
          t.meta.kind = TimeKind::accumulation;
          t.meta.valid.begin -= *period;
        }
        if (!column.period && told.insert(key.second).second) {
          if (step)
            notes_.push_back(
                fmt::format("{}: the column '{}' states no period: taken as the step of the times, {} min", path_, column.heading, step->count() / 60));
          else problems_.push_back(fmt::format("{}: the column '{}' states no period; call it rain_1h, for example", path_, column.heading));
        }
      }
      t.stations = std::move(stations);
      all.push_back(std::move(t));
    }
    if (!all.empty()) all.front().problems = std::move(problems_), all.front().notes = std::move(notes_);
    return all;
  }

  std::string path_, text_;
  std::size_t at_ = 0, line_ = 0, rows_ = 0, bad_ = 0;
  char separator_ = ',';
  std::vector<CsvColumn> columns_;
  std::map<std::pair<TimePoint, std::size_t>, std::vector<StationTable::Station>> stations_;  // by time and column
  std::vector<std::string> problems_, notes_;
};

class CsvReader final : public Reader {
 public:
  std::string_view format() const override { return "CSV"; }

  bool recognises(std::span<const std::byte> head, const std::string&) const override {
    std::string text(reinterpret_cast<const char*>(head.data()), head.size());
    if (text.find('\0') != std::string::npos) return false;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      const std::string line = as_utf8(text.substr(at, end - at));
      at = end + 1;
      if (!line.empty() && line[0] != '#' && line != "\r") return csv_separator(line).has_value();
    }
    return false;
  }

  void read(const std::string& path, const ReadRequest&, const std::function<void(Field&&)>&, const ProblemSink&) const override {
    throw Error(path, "holds stations (CSV), not a grid", "give it to guyu gauges");
  }

  std::vector<StationTable> station_tables(const std::string& path, const ReadRequest& request) const override {
    return CsvTable(path, read_text_file(path)).read(request);
  }
};

}  // namespace

const Reader& csv_reader() {
  static const CsvReader reader;
  return reader;
}

}  // namespace guyu
