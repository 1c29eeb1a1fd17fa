#include "ingest/station_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/csv_columns.h"
#include "ingest/text_encoding.h"

namespace guyu {
namespace {

double list_number(const std::string& text, const std::string& place, const char* what) {
  char* end = nullptr;
  const double v = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(v)) throw Error(place, fmt::format("the {} '{}' is no number", what, text));
  return v;
}

}  // namespace

std::vector<StationPlace> read_station_list(const std::string& path) {
  const std::string text = as_utf8(read_text_file(path));
  std::vector<StationPlace> places;
  std::map<std::string, std::size_t> known;
  std::vector<CsvRole> roles;
  char separator = ',';
  std::size_t line_number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    const std::string place = fmt::format("{}:{}", path, ++line_number);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty() || line[0] == '#') continue;
    if (roles.empty()) {
      const auto found = csv_separator(line);
      if (found) separator = *found;
      for (const std::string& field : csv_fields(line, separator)) roles.push_back(csv_column(field).role);
      for (const CsvRole role : {CsvRole::code, CsvRole::longitude, CsvRole::latitude}) {
        if (std::find(roles.begin(), roles.end(), role) == roles.end())
          throw Error(place, "the heading of a station list names code, longitude and latitude", "call the columns code, lon and lat");
      }
      continue;
    }
    const std::vector<std::string> fields = csv_fields(line, separator);
    if (fields.size() != roles.size()) throw Error(place, fmt::format("has {} fields where the heading has {}", fields.size(), roles.size()));
    StationPlace s{"", "", 0, 0, std::numeric_limits<float>::quiet_NaN()};
    for (std::size_t k = 0; k < roles.size(); ++k) {
      if (roles[k] == CsvRole::code) s.code = fields[k];
      if (roles[k] == CsvRole::name) s.name = fields[k];
      if (roles[k] == CsvRole::longitude) s.longitude = list_number(fields[k], place, "longitude");
      if (roles[k] == CsvRole::latitude) s.latitude = list_number(fields[k], place, "latitude");
      if (roles[k] == CsvRole::elevation && !fields[k].empty()) s.elevation = static_cast<float>(list_number(fields[k], place, "elevation"));
    }
    const auto [it, fresh] = known.emplace(s.code, places.size());
    if (fresh) places.push_back(s);
    else if (places[it->second].longitude != s.longitude || places[it->second].latitude != s.latitude)
      throw Error(place, "the code " + s.code + " comes again with another place", "leave the one that is right");
  }
  if (places.empty()) throw Error(path, "holds no station", "give a table with the columns code, lon and lat");
  return places;
}

}  // namespace guyu
