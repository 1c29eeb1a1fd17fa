#include "cli/run/gauge_rain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "cli/forecast/terrain.h"
#include "cli/run/load_rain.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "engine/cycle/observed_rain.h"
#include "engine/gauge/gauge_merge.h"
#include "ingest/station_tables.h"

namespace guyu::cli {
namespace {

constexpr double kMesh = 0.05;  // degrees: of gauges without radar

// The radar's amount over each wanted interval that its frames fill, frame after frame: two frames and the sums are in memory, whatever the history. Frames
// after the issue time do not exist. Where no interval is filled, one empty field each.
std::vector<Field> amounts_of(const std::vector<InventoryItem>& radar, const std::vector<Interval>& wanted, const RunConfig& config, TimePoint issue,
                              const RegionSet& regions, RunReport& report) {
  const TimePoint first = wanted.front().begin - config.plan.max_gap, last = std::min(issue, wanted.back().end + config.plan.radar_interval);
  RunReport unsaid;  // these files are told as the cycle's radar, or were by an earlier one
  struct Sum {
    Field total;
    TimePoint filled_to;
  };
  std::vector<std::optional<Sum>> sums(wanted.size());
  std::vector<std::string> notes;
  FieldPtr before;
  for (const InventoryItem& item : radar) {
    if (item.time < first || item.time > last) continue;
    const FieldPtr frame = load_radar_frame(item, {"radar", config.rain_quantity, issue}, config.plan.radar_interval, unsaid);
    if (!frame || (before && !(frame->grid() == before->grid()))) continue;
    std::vector<FieldPtr> pair{frame};
    if (before) pair.insert(pair.begin(), before);
    for (Field& part : observed_amounts(pair, {config.plan.max_gap}, notes)) {
      for (std::size_t k = 0; k < wanted.size(); ++k) {
        const Interval valid = part.meta.valid;
        if (valid.begin < wanted[k].begin || valid.end > wanted[k].end) continue;
        if (!sums[k] && valid.begin == wanted[k].begin) {
          sums[k] = Sum{part.clone(), valid.end};
        } else if (sums[k] && sums[k]->filled_to == valid.begin && sums[k]->total.grid() == part.grid()) {
          const auto to = sums[k]->total.values();
          for (std::size_t c = 0; c < to.size(); ++c) to[c] += part.values()[c];
          sums[k]->filled_to = valid.end;
        }
      }
    }
    before = frame->meta.kind == TimeKind::instant ? frame : nullptr;
  }
  std::vector<Field> amounts;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    if (!sums[k] || sums[k]->filled_to != wanted[k].end) continue;
    sums[k]->total.meta.valid = wanted[k];
    amounts.push_back(std::move(sums[k]->total));
  }
  if (!amounts.empty()) return amounts;
  report.notes.push_back("gauges: no radar for their time; they stand alone within their reach");
  const Grid mesh = grid_over(regions, kMesh);
  for (const Interval& i : wanted) {
    FieldMeta meta;
    meta.quantity = quantities::precipitation_amount();
    meta.kind = TimeKind::accumulation;
    meta.valid = i;
    amounts.emplace_back(mesh, meta);
  }
  return amounts;
}

void tell(const GaugeMerge& g, const StationSeries& stations, RunReport& report) {
  std::map<std::string, int> counts;
  for (const auto* findings : {&g.report_findings, &g.sum_findings})
    for (const QualityFinding& f : *findings) ++counts[std::string(quality_flag_name(f.flag))];
  std::string flags;
  for (const auto& [flag, n] : counts) flags += fmt::format("{}{} {}", flags.empty() ? "; set aside: " : ", ", n, flag);
  report.notes.push_back(fmt::format("gauges: {} stations, {} of {} values kept{}", stations.stations.size(), g.values_after, g.values_before, flags));
  for (const std::string& n : g.notes) report.notes.push_back("gauges: " + n);
  const auto add = [&](const std::string& name, const Agreement& a) {
    report.gauge_scores.push_back({name, a.pairs, a.root_mean_square_error, a.mean_absolute_error, a.multiplicative_bias, a.correlation});
  };
  for (const LeaveOneOutScore& s : g.scores) add(std::string(merge_method_name(s.method)), s.agreement);
  if (!g.scores.empty()) add("gauges-alone", g.gauges_alone);
}

void merge(const std::vector<InventoryItem>& stations, const std::vector<InventoryItem>& radar, const RunConfig& config, TimePoint issue,
           const RegionSet& regions, RegionMeans& means, RainHistory& merged, RunReport& report) {
  std::vector<std::string> paths;
  for (const InventoryItem& item : stations)
    if (item.time > issue - config.plan.history && item.time <= issue) paths.push_back(item.path);
  if (paths.empty()) throw Error("", "no station file of the last " + fmt::format("{} h", config.plan.history.count() / 3600));
  StationFiles files = read_station_files(paths, {{quantities::precipitation_amount().name}});
  for (const std::string& p : files.problems) report.degraded.push_back("gauges: " + p);
  for (const std::string& n : files.notes) report.notes.push_back("gauges: " + n);
  const StationSeries series = station_series(files.tables, quantities::precipitation_amount().name);
  const Seconds length = config.gauge_interval > Seconds(0) ? config.gauge_interval : usual_length(series);
  if (series.kind != TimeKind::accumulation || length <= Seconds(0))
    throw Error(paths.front(), "the amounts of its stations have no period", "name the column rain_1h");
  for (const std::string& p : paths)
    report.inputs.push_back({p, "gauges", "stations", hash_file(p), "", series.times.back().end, issue - series.times.back().end});
  std::vector<Interval> wanted = intervals_up_to_last(series, length);
  std::erase_if(wanted, [&](const Interval& i) { return i.end > issue || i.begin < issue - config.plan.history || merged.covers(i); });
  if (wanted.empty()) return;
  GaugeMergeSettings settings;
  settings.merge.method = parse_merge_method(config.gauge_method);
  settings.merge.reach_km = config.gauge_reach_km;
  const GaugeMerge g = merge_gauges(amounts_of(radar, wanted, config, issue, regions, report), series, wanted, settings);
  for (const MergedRain& m : g.merged) {
    RainSlot s = means(m.field);
    s.source = "gauges";
    merged.add(std::move(s));
  }
  tell(g, series, report);
}

}  // namespace

void merge_gauge_rain(const std::vector<InventoryItem>& stations, const std::vector<InventoryItem>& radar, const RunConfig& config, TimePoint issue,
                      const RegionSet& regions, RegionMeans& means, RainHistory& merged, RunReport& report) {
  StageTimer timer(report, "gauges");
  try {
    merge(stations, radar, config, issue, regions, means, merged, report);
  } catch (const Error& e) {
    report.degraded.push_back(std::string("gauges: ") + e.what());
  }
}

}  // namespace guyu::cli
