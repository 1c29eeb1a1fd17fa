#include "cli/run/weather_series.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "ingest/region_series_reader.h"

namespace guyu::cli {
namespace {

// Series are asked for so much farther back, where their steps may be of half a day.
constexpr Seconds kMargin{86400};

std::vector<SeriesRequest::Wanted> wanted_series(const std::vector<InputNeed>& needs, TimePoint issue) {
  std::vector<SeriesRequest::Wanted> wanted;
  for (const InputNeed& need : needs) {
    if (need.statistic.empty() || need.window.count() > 0 || (need.quantity == quantities::precipitation_amount().name && need.statistic == "mean")) continue;
    const Interval time{issue - need.history - kMargin, need.ahead ? issue + *need.ahead : TimePoint::max()};
    const auto there = std::find_if(wanted.begin(), wanted.end(),
                                    [&](const SeriesRequest::Wanted& w) { return w.quantity == need.quantity && w.statistic == need.statistic; });
    if (there == wanted.end()) wanted.push_back({need.quantity, need.statistic, time});
    else there->time = {std::min(there->time.begin, time.begin), std::max(there->time.end, time.end)};
  }
  return wanted;
}

bool is_there(const HazardSeries& series, const Interval& step) {
  return std::any_of(series.pieces.begin(), series.pieces.end(), [&](const SeriesPiece& p) {
    const Interval &a = p.interval, &b = step;
    const bool instants = a.begin == a.end || b.begin == b.end;
    return instants ? a.end == b.end : a.begin < b.end && b.begin < a.end;
  });
}

HazardSeries* same_series(std::vector<HazardSeries>& all, const HazardSeries& s) {
  const auto there =
      std::find_if(all.begin(), all.end(), [&](const HazardSeries& a) { return a.quantity.name == s.quantity.name && a.statistic == s.statistic; });
  return there == all.end() ? nullptr : &*there;
}

}  // namespace

std::vector<HazardSeries> weather_series(const std::vector<InventoryItem>& files, const RunConfig& config, const std::vector<InputNeed>& needs, TimePoint issue,
                                         const RegionSet& regions, RunReport& report) {
  SeriesRequest request;
  request.series = wanted_series(needs, issue);
  if (request.series.empty()) return {};
  for (const Region& r : regions.regions) request.regions.push_back(r.code);
  std::vector<HazardSeries> all;
  // What a newer run has told is not read of an older one.
  request.is_told = [&all](const HazardSeries& s, const Interval& step) {
    const HazardSeries* there = same_series(all, s);
    return there && (there->kind != s.kind || is_there(*there, step));
  };
  Seconds history{0};
  for (const SeriesRequest::Wanted& w : request.series) history = std::max(history, issue - w.time.begin - kMargin);
  bool newest = true;
  for (auto item = files.rbegin(); item != files.rend(); ++item) {
    if (item->time > issue || item->time < issue - config.weather_max_age - history) continue;
    if (newest && item->time < issue - config.weather_max_age) break;
    RunReport::Input input{item->path, "weather", "NetCDF", "", "", item->time, issue - item->time};
    try {
      RegionSeriesFile file = read_region_series(item->path, request);
      input.sha256 = hash_file(item->path);
      if (newest && file.absent > 0) report.degraded.push_back("weather: " + item->path + " lacks " + std::to_string(file.absent) + " of the regions");
      for (HazardSeries& s : file.series) {
        HazardSeries* there = same_series(all, s);
        if (!there) {
          all.push_back(std::move(s));
          continue;
        }
        if (there->kind != s.kind) continue;
        there->horizon = std::max(there->horizon, s.horizon);
        there->pieces.insert(there->pieces.end(), std::make_move_iterator(s.pieces.begin()), std::make_move_iterator(s.pieces.end()));
        std::stable_sort(there->pieces.begin(), there->pieces.end(),
                         [](const SeriesPiece& a, const SeriesPiece& b) { return a.interval.end < b.interval.end; });
      }
      newest = false;
    } catch (const Error& e) {
      input.error = e.reason();
      report.degraded.push_back(std::string("weather: ") + e.what());
    }
    report.inputs.push_back(std::move(input));
  }
  if (all.empty()) report.degraded.push_back("weather: no run of the last " + std::to_string(config.weather_max_age.count() / 3600) + " h");
  for (HazardSeries& s : all) s.horizon = std::max(issue, s.horizon.value_or(issue));
  return all;
}

}  // namespace guyu::cli
