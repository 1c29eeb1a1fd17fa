#include "ingest/station_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

namespace guyu {

StationSeries station_series(std::span<const StationTable> tables, const std::string& quantity) {
  StationSeries series;
  if (const Quantity* q = find_quantity(quantity)) series.quantity = *q;
  // Code, place in units of about 10 m, and which of the same within one table.
  using Key = std::tuple<std::string, long, long, int>;
  std::map<Key, std::size_t> stations;
  std::map<std::pair<TimePoint, TimePoint>, std::size_t> times;
  std::vector<const StationTable*> used;
  for (const StationTable& t : tables) {
    if (t.meta.quantity.name != quantity) continue;
    if (used.empty()) series.kind = t.meta.kind;
    if (t.meta.kind != series.kind) continue;
    used.push_back(&t);
    times.emplace(std::pair{t.meta.valid.end, t.meta.valid.begin}, 0);
  }
  for (auto& [key, index] : times) {
    index = series.times.size();
    series.times.push_back({key.second, key.first});
  }
  struct Entry {
    std::size_t station, time;
    float value;
  };
  std::vector<Entry> entries;
  const auto rounded = [](double degrees) {
    return std::isfinite(degrees) && std::abs(degrees) < 1e6 ? std::lround(degrees * 1e4) : std::numeric_limits<long>::max();
  };
  std::map<std::pair<std::size_t, Key>, int> taken;  // within one time
  for (const StationTable* t : used) {
    const std::size_t time = times.at({t->meta.valid.end, t->meta.valid.begin});
    for (const StationTable::Station& s : t->stations) {
      Key key{s.code, rounded(s.longitude), rounded(s.latitude), 0};
      std::get<3>(key) = taken[{time, key}]++;
      const auto [it, fresh] = stations.emplace(key, series.stations.size());
      if (fresh) series.stations.push_back({s.code, "", s.longitude, s.latitude, s.elevation});
      entries.push_back({it->second, time, s.value});
    }
  }
  series.values.assign(series.stations.size() * series.times.size(), std::numeric_limits<float>::quiet_NaN());
  for (const Entry& e : entries) series.at(e.station, e.time) = e.value;
  return series;
}

StationFiles read_station_files(const std::vector<std::string>& paths, const ReadRequest& request) {
  StationFiles all;
  for (const std::string& path : paths) {
    try {
      std::vector<StationTable> tables = reader_for(path).station_tables(path, request);
      if (tables.empty()) all.problems.push_back(path + ": holds no station with a wanted value");
      for (StationTable& t : tables) {
        all.problems.insert(all.problems.end(), t.problems.begin(), t.problems.end());
        all.notes.insert(all.notes.end(), t.notes.begin(), t.notes.end());
        all.tables.push_back(std::move(t));
      }
    } catch (const Error& e) {
      all.problems.push_back(e.what());
    }
  }
  if (all.tables.empty()) throw Error("", all.problems.empty() ? "no file of stations is given" : all.problems.front());
  return all;
}

}  // namespace guyu
