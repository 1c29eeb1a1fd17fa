#include "cli/run/weather_series.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "ingest/region_series_reader.h"

namespace guyu::cli {
namespace {

// From the file's order of codes to the run's.
std::vector<float> reordered(const std::vector<float>& values, const std::vector<std::ptrdiff_t>& place, float absent) {
  std::vector<float> out;
  out.reserve(place.size());
  for (const std::ptrdiff_t p : place) out.push_back(p < 0 ? absent : values[static_cast<std::size_t>(p)]);
  return out;
}

SeriesPiece reordered(const SeriesPiece& piece, const std::vector<std::ptrdiff_t>& place) {
  constexpr float kMissingValue = std::numeric_limits<float>::quiet_NaN();
  SeriesPiece out{piece.interval, piece.origin, reordered(piece.values, place, kMissingValue), reordered(piece.coverage, place, 0.0F), {}};
  for (const auto& member : piece.members) out.members.push_back(reordered(member, place, kMissingValue));
  return out;
}

// Puts pieces before, between and after those that are there, where nothing is told yet.
void fill_gaps(HazardSeries& series, const HazardSeries& older, const std::vector<std::ptrdiff_t>& place, const Interval& needed) {
  const std::size_t there = series.pieces.size();
  const auto touches = [&](const SeriesPiece& p) {
    for (std::size_t k = 0; k < there; ++k) {
      const Interval &a = series.pieces[k].interval, &b = p.interval;
      const bool instants = a.begin == a.end || b.begin == b.end;
      if (instants ? a.end == b.end : a.begin < b.end && b.begin < a.end) return true;
    }
    return false;
  };
  for (const SeriesPiece& p : older.pieces)
    if (p.interval.end > needed.begin && p.interval.begin < needed.end && !touches(p)) series.pieces.push_back(reordered(p, place));
  std::stable_sort(series.pieces.begin(), series.pieces.end(), [](const SeriesPiece& a, const SeriesPiece& b) { return a.interval.end < b.interval.end; });
}

}  // namespace

std::vector<HazardSeries> weather_series(const std::vector<InventoryItem>& files, const RunConfig& config, const std::vector<InputNeed>& needs, TimePoint issue,
                                         const RegionSet& regions, RunReport& report) {
  std::vector<std::string> wanted;
  Seconds history{0};
  for (const InputNeed& need : needs) {
    if (need.statistic.empty() || need.quantity == quantities::precipitation_amount().name) continue;
    history = std::max(history, need.history);
    if (std::find(wanted.begin(), wanted.end(), need.quantity) == wanted.end()) wanted.push_back(need.quantity);
  }
  if (wanted.empty()) return {};
  std::unordered_map<std::string, std::ptrdiff_t> number;
  std::vector<HazardSeries> all;
  bool newest = true;
  for (auto item = files.rbegin(); item != files.rend(); ++item) {
    if (item->time > issue || item->time < issue - config.weather_max_age - history) continue;
    if (newest && item->time < issue - config.weather_max_age) break;
    RunReport::Input input{item->path, "weather", "NetCDF", "", "", item->time, issue - item->time};
    try {
      const RegionSeriesFile file = read_region_series(item->path, wanted);
      input.sha256 = hash_file(item->path);
      number.clear();
      for (std::size_t k = 0; k < file.codes.size(); ++k) number.emplace(file.codes[k], static_cast<std::ptrdiff_t>(k));
      std::vector<std::ptrdiff_t> place;
      for (const Region& r : regions.regions) {
        const auto found = number.find(r.code);
        place.push_back(found == number.end() ? -1 : found->second);
      }
      const auto absent = std::count(place.begin(), place.end(), -1);
      if (newest && absent > 0) report.degraded.push_back("weather: " + item->path + " lacks " + std::to_string(absent) + " of the regions");
      for (const HazardSeries& s : file.series) {
        auto there =
            std::find_if(all.begin(), all.end(), [&](const HazardSeries& a) { return a.quantity.name == s.quantity.name && a.statistic == s.statistic; });
        if (there == all.end()) {
          all.push_back({s.quantity, s.statistic, s.kind, {}, {}, {}});
          there = std::prev(all.end());
        }
        if (there->kind == s.kind) fill_gaps(*there, s, place, {issue - history - Seconds(86400), TimePoint::max()});
      }
      newest = false;
    } catch (const Error& e) {
      input.error = e.reason();
      report.degraded.push_back(std::string("weather: ") + e.what());
    }
    report.inputs.push_back(std::move(input));
  }
  if (all.empty()) report.degraded.push_back("weather: no run of the last " + std::to_string(config.weather_max_age.count() / 3600) + " h");
  for (HazardSeries& s : all)
    if (!s.pieces.empty()) s.horizon = std::max(issue, s.pieces.back().interval.end);
  return all;
}

}  // namespace guyu::cli
