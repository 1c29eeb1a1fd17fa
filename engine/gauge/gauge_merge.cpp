#include "engine/gauge/gauge_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

// The largest amount of the radar in the cell of each station and the eight about it: a shower need not fall into the cell that the map says.
std::vector<float> radar_at(const Field& radar, const std::vector<StationPlace>& stations) {
  const Grid& grid = radar.grid();
  const CrsTransform to_grid("EPSG:4326", grid.crs());
  std::vector<float> seen(stations.size(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t s = 0; s < stations.size(); ++s) {
    double x = stations[s].longitude, y = stations[s].latitude;
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    to_grid.forward(&x, &y, 1, sizeof(double));
    const double column = std::round(grid.column_of(x)), row = std::round(grid.row_of(y));
    if (!(std::abs(column) < 1e9) || !(std::abs(row) < 1e9)) continue;
    for (std::int64_t j = static_cast<std::int64_t>(row) - 1; j <= static_cast<std::int64_t>(row) + 1; ++j) {
      for (std::int64_t i = static_cast<std::int64_t>(column) - 1; i <= static_cast<std::int64_t>(column) + 1; ++i) {
        if (j < 0 || j >= grid.ny() || i < 0 || i >= grid.nx()) continue;
        const float v = radar.view()(j, i);
        if (!std::isnan(v) && !(v <= seen[s])) seen[s] = v;
      }
    }
  }
  return seen;
}

std::vector<QualityFlag> all_but(QualityFlag one, const std::vector<QualityFlag>& skip) {
  std::vector<QualityFlag> flags = skip;
  for (const QualityFlag f : kQualityFlags) {
    if (f != one) flags.push_back(f);
  }
  return flags;
}

// A field of the radar's grid that nobody saw.
Field unseen(const Field& like, const Interval& interval) {
  FieldMeta meta = like.meta;
  meta.valid = interval;
  meta.reference = interval.end;
  return Field(like.grid(), std::move(meta));
}

std::string interval_text(const Interval& i) { return to_iso(i.begin) + " to " + to_iso(i.end); }

}  // namespace

std::optional<Field> sum_over(const std::vector<Field>& amounts, const Interval& interval) {
  std::vector<const Field*> parts;
  TimePoint at = interval.begin;
  for (const Field& f : amounts) {
    if (f.meta.valid.begin == at && f.meta.valid.end <= interval.end) parts.push_back(&f), at = f.meta.valid.end;
    if (at == interval.end) break;
  }
  if (at != interval.end || parts.empty()) return std::nullopt;
  Field sum = parts.front()->clone();
  sum.meta.valid = interval;
  sum.meta.reference = interval.end;
  for (std::size_t p = 1; p < parts.size(); ++p) {
    if (!(parts[p]->grid() == sum.grid())) return std::nullopt;
    const auto from = parts[p]->values();
    const auto to = sum.values();
    parallel_for(sum.grid().size(), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
      for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) to[k] += from[k];
    });
  }
  return sum;
}

Seconds usual_length(const StationSeries& stations) {
  std::map<Seconds, std::size_t> counts;
  for (const Interval& i : stations.times) ++counts[i.length()];
  const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? Seconds(0) : most->first;
}

std::vector<Interval> intervals_up_to_last(const StationSeries& stations, Seconds length) {
  std::vector<Interval> intervals;
  if (stations.times.empty() || length <= Seconds(0)) return intervals;
  TimePoint first = stations.times.front().begin;
  for (const Interval& i : stations.times) first = std::min(first, i.begin);
  for (TimePoint end = stations.times.back().end; end - length >= first; end -= length) intervals.push_back({end - length, end});
  std::reverse(intervals.begin(), intervals.end());
  return intervals;
}

GaugeMerge merge_gauges(const std::vector<Field>& radar, const StationSeries& stations, const std::vector<Interval>& wanted,
                        const GaugeMergeSettings& settings) {
  require_merge_settings(settings.merge);
  if (radar.empty()) throw Error("", "there is no radar to merge the gauges with", "give at least one field, for its grid");
  GaugeMerge out;
  QualitySettings quality = settings.quality;
  quality.witness.clear();
  quality.skip.push_back(QualityFlag::neighbours);  // asked of the sums, which the radar can bear out
  QualityControl reports = quality_control(stations, quality);
  out.reported = reports.series.times;
  out.report_findings = std::move(reports.findings);
  out.values_before = reports.values_before, out.values_after = reports.values_after;

  StationSeries sums = accumulate(reports.series, wanted);
  std::vector<std::optional<Field>> radar_sums;
  quality.witness.assign(sums.values.size(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    radar_sums.push_back(sum_over(radar, wanted[w]));
    if (!radar_sums.back()) continue;
    const std::vector<float> seen = radar_at(*radar_sums.back(), sums.stations);
    for (std::size_t s = 0; s < seen.size(); ++s) quality.witness[s * wanted.size() + w] = seen[s];
  }
  quality.skip = all_but(QualityFlag::neighbours, settings.quality.skip);
  QualityControl summed = quality_control(std::move(sums), quality);
  out.sum_findings = std::move(summed.findings);
  out.gauges = std::move(summed.series);

  LeaveOneOutScores scores;
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    if (!radar_sums[w]) {
      out.notes.push_back("no radar fills " + interval_text(wanted[w]) + "; it is of gauges alone");
      radar_sums[w] = unseen(radar.front(), wanted[w]);
    }
    std::vector<GaugeAmount> gauges;
    for (std::size_t s = 0; s < out.gauges.stations.size(); ++s) {
      const StationPlace& p = out.gauges.stations[s];
      gauges.push_back({p.longitude, p.latitude, out.gauges.at(s, w)});
    }
    MergedRain merged = merge_rain(*radar_sums[w], gauges, settings.merge);
    if (!merged.plan.reason.empty() && !merged.gauges_alone) {
      out.notes.push_back(fmt::format("{}: {} instead of {}: {}", interval_text(wanted[w]), merge_method_name(merged.plan.method),
                                      merge_method_name(merged.plan.wanted), merged.plan.reason));
    }
    if (settings.scores && !merged.gauges_alone) {
      const auto structure = settings.merge.variogram ? std::nullopt : radar_variogram(*radar_sums[w]);
      scores.add(leave_one_out(rain_pairs(*radar_sums[w], gauges), structure, settings.merge));
    }
    out.merged.push_back(std::move(merged));
  }
  if (settings.scores) out.scores = scores.result();
  out.gauges_alone = scores.gauges_alone();
  return out;
}

}  // namespace guyu
