#include "cli/run/region_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/region/zonal_statistics.h"

namespace guyu::cli {
namespace {

std::string length_name(Seconds s) { return s.count() % 3600 == 0 ? fmt::format("{}h", s.count() / 3600) : fmt::format("{}min", s.count() / 60); }

// Quantiles of the members' rain over a window; where time is unknown the amount is that of the known time.
void add_quantiles(const HazardInputs& inputs, const HazardSeries& rain, const Interval& window, const std::string& length, const RegionColumn& mean,
                   RegionTable& table) {
  static const std::pair<double, const char*> quantiles[] = {{0.1, "p10"}, {0.9, "p90"}};
  std::vector<std::vector<float>> amount(inputs.members, std::vector<float>(inputs.regions, 0.0F));
  for (const SeriesPiece& p : rain.pieces) {
    const TimePoint begin = std::max(p.interval.begin, window.begin), end = std::min(p.interval.end, window.end);
    if (begin >= end) continue;
    const auto share = static_cast<float>((end - begin).count()) / static_cast<float>(p.interval.length().count());
    for (std::size_t m = 0; m < inputs.members; ++m) {
      const std::vector<float>& mm = p.of(m);
      for (std::size_t r = 0; r < inputs.regions; ++r) amount[m][r] += std::isnan(mm[r]) ? 0.0F : share * mm[r];
    }
  }
  std::vector<float> sorted(inputs.members);
  for (const auto& [q, name] : quantiles) {
    RegionColumn column = mean;
    column.name += std::string("_") + name;
    column.long_name = "rain over the " + length + " after the issue time, " + (q < 0.5 ? "reached by nine of ten members" : "reached by one of ten members");
    column.statistic = name;
    for (std::size_t r = 0; r < inputs.regions; ++r) {
      if (std::isnan(mean.values[r])) continue;
      for (std::size_t m = 0; m < inputs.members; ++m) sorted[m] = amount[m][r];
      std::sort(sorted.begin(), sorted.end());
      const double place = std::clamp(q * static_cast<double>(inputs.members) - 0.5, 0.0, static_cast<double>(inputs.members - 1));
      const auto low = static_cast<std::size_t>(place);
      const std::size_t high = std::min(low + 1, inputs.members - 1);
      column.values[r] = sorted[low] + static_cast<float>(place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
    }
    table.columns.push_back(std::move(column));
  }
}

// Rain of all regions over a window: each piece counts as even over its time, and where time is unknown the
// amount is that of the known time, with the coverage to tell.
RegionColumn rain_column(const HazardInputs& inputs, const HazardSeries& rain, const Interval& window, std::string name, std::string long_name) {
  RegionColumn column{std::move(name), std::move(long_name), quantities::precipitation_amount(), "mean", TimeKind::accumulation, window, {}, {}};
  std::vector<double> amount(inputs.regions, 0.0), known(inputs.regions, 0.0);
  for (const SeriesPiece& p : rain.pieces) {
    const TimePoint begin = std::max(p.interval.begin, window.begin), end = std::min(p.interval.end, window.end);
    if (begin >= end) continue;
    const auto inside = static_cast<double>((end - begin).count());
    const double share = inside / static_cast<double>(p.interval.length().count());
    for (std::size_t r = 0; r < inputs.regions; ++r) {
      if (std::isnan(p.values[r])) continue;
      amount[r] += share * double{p.values[r]};
      known[r] += inside * double{p.coverage[r]};
    }
  }
  const auto whole = static_cast<double>(window.length().count());
  for (std::size_t r = 0; r < inputs.regions; ++r) {
    column.values.push_back(known[r] > 0 ? static_cast<float>(amount[r]) : std::numeric_limits<float>::quiet_NaN());
    column.coverage.push_back(static_cast<float>(std::min(1.0, known[r] / whole)));
  }
  return column;
}

// Of sums place by place, the windows that end at the issue time and those that begin there.
void add_place_columns(const HazardInputs& inputs, const HazardSeries& sums, RegionTable& table) {
  const std::string length = length_name(sums.window);
  const auto add = [&](TimePoint end, const std::string& name, const std::string& long_name) {
    const auto at = std::find_if(sums.pieces.begin(), sums.pieces.end(), [&](const SeriesPiece& p) { return p.interval.end == end; });
    if (at == sums.pieces.end()) return;
    table.columns.push_back({name, long_name, sums.quantity, sums.statistic, TimeKind::accumulation, {end - sums.window, end}, at->values, at->coverage});
  };
  const std::string words = sums.statistic + " over the area of what falls in each place", suffix = name_with_statistic(length, sums.statistic);
  add(inputs.issue, "place_rain_last_" + suffix, words + " over the " + length + " before the issue time");
  add(inputs.issue + sums.window, "place_rain_next_" + suffix, words + " over the " + length + " after the issue time");
}

}  // namespace

RegionTable region_columns(const HazardInputs& inputs, const HazardSeries& rain, const std::vector<Seconds>& windows, const Field* newest_rate,
                           RegionMeans& means) {
  RegionTable table{inputs.issue, inputs.regions, {}};
  if (newest_rate) {
    static const auto statistics = parse_zonal_statistics("mean,max,coverage");
    ZonalTable zonal = zonal_statistics(newest_rate->view(), means.weights(newest_rate->grid()), statistics);
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      const std::string& statistic = zonal.statistics[k].name;
      table.columns.push_back({"rainfall_rate_" + statistic, "rain rate of the newest radar frame, " + statistic + " over the area",
                               quantities::rainfall_rate(), statistic, newest_rate->meta.kind, newest_rate->meta.valid, std::move(zonal.columns[k]),
                               zonal.columns[2]});
    }
  }
  for (const Seconds w : windows) {
    const std::string length = length_name(w);
    table.columns.push_back(
        rain_column(inputs, rain, {inputs.issue - w, inputs.issue}, "rain_last_" + length, "rain over the " + length + " before the issue time"));
  }
  for (const Seconds w : windows) {
    if (inputs.issue + w > inputs.horizon) continue;
    const std::string length = length_name(w);
    const Interval window{inputs.issue, inputs.issue + w};
    table.columns.push_back(rain_column(inputs, rain, window, "rain_next_" + length, "rain expected over the " + length + " after the issue time"));
    if (inputs.members > 1) add_quantiles(inputs, rain, window, length, RegionColumn(table.columns.back()), table);
  }
  for (const HazardSeries& s : inputs.series)
    if (s.window.count() > 0 && s.window != kToCome) add_place_columns(inputs, s, table);
  return table;
}

}  // namespace guyu::cli
