#include "cli/run/gauge_rain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "cli/forecast/terrain.h"
#include "cli/run/attempt.h"
#include "cli/run/load_rain.h"
#include "cli/run/window_rain.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "engine/cycle/gauge_slots.h"
#include "engine/cycle/observed_rain.h"
#include "engine/gauge/gauge_merge.h"
#include "ingest/station_tables.h"

namespace guyu::cli {
namespace {

constexpr double kMesh = 0.05;  // degrees: of gauges without radar

bool lies_near(TimePoint t, const Interval& wanted, const RunConfig& config) {
  return t >= wanted.begin - config.plan.max_gap && t <= wanted.end + config.plan.radar_interval;
}

std::size_t frames_of(const std::vector<InventoryItem>& radar, const Interval& wanted, const RunConfig& config, TimePoint issue) {
  return static_cast<std::size_t>(
      std::count_if(radar.begin(), radar.end(), [&](const InventoryItem& item) { return item.time <= issue && lies_near(item.time, wanted, config); }));
}

// The radar's amount over each wanted interval that its frames fill, frame after frame: two frames and the sums are in memory, whatever the history. Frames
// after the issue time do not exist, those of no wanted interval are not read.
std::vector<Field> amounts_of(const std::vector<InventoryItem>& radar, const std::vector<Interval>& wanted, const RunConfig& config, TimePoint issue) {
  RunReport unsaid;  // these files are told as the cycle's radar, or were by an earlier one
  struct Sum {
    Field total;
    TimePoint filled_to;
  };
  std::vector<std::optional<Sum>> sums(wanted.size());
  std::vector<std::string> notes;
  FieldPtr before;
  for (const InventoryItem& item : radar) {
    if (item.time > issue || std::none_of(wanted.begin(), wanted.end(), [&](const Interval& i) { return lies_near(item.time, i, config); })) {
      before = nullptr;
      continue;
    }
    const FieldPtr frame = load_radar_frame(item, {"radar", config.rain_quantity, issue}, config.plan.radar_interval, unsaid);
    if (!frame) continue;
    if (before && !(frame->grid() == before->grid())) before = nullptr;  // the grid has changed
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
  return amounts;
}

// Fields that no radar saw, for their grid.
std::vector<Field> without_radar(const std::vector<Interval>& wanted, const RegionSet& regions) {
  std::vector<Field> amounts;
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

// The slot of gauges alone over this very interval for which more radar frames are there than when it was made.
const RainSlot* to_be_merged_again(const RainHistory& merged, const Interval& i, const std::vector<InventoryItem>& radar, const RunConfig& config,
                                   TimePoint issue) {
  for (const RainSlot& s : merged.slots()) {
    if (!(s.interval == i)) continue;
    const auto frames = frames_beside_gauges(s);
    return frames && frames_of(radar, i, config, issue) > *frames ? &s : nullptr;
  }
  return nullptr;
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

// The same cell by cell, where that is kept and the radar's grid is known.
void keep_plane(RainState& state, const Field& merged, RegionMeans& means, RunReport& report) {
  if (!state.gauge_planes || !state.radar_planes->grid()) return;
  unless_degraded(report, "gauges place by place", [&] {
    RainPlane plane = plane_on(*state.radar_planes->grid(), merged, means);
    state.gauge_planes->use_grid(*state.radar_planes->grid());
    state.gauge_planes->forget(merged.meta.valid);
    state.gauge_planes->add(std::move(plane));
  });
}

// Planes of another grid than the radar's are of no use: their time is merged again.
void fit_gauge_planes(RainState& state, const RegionSet& regions) {
  if (state.gauge_planes && state.gauge_planes->grid() && state.radar_planes->grid() && !(*state.gauge_planes->grid() == *state.radar_planes->grid()))
    state.gauge_planes = RainPlanes(regions.hash());
}
bool lacks_plane(const RainState& state, const Interval& i) { return state.gauge_planes && state.radar_planes->grid() && !state.gauge_planes->covers(i); }

void merge(const std::vector<InventoryItem>& stations, const std::vector<InventoryItem>& radar, const RunConfig& config, TimePoint issue,
           const RegionSet& regions, RegionMeans& means, RainState& state, RunReport& report) {
  RainHistory& merged = *state.gauges;
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
  fit_gauge_planes(state, regions);
  std::vector<RainSlot> alone;  // that the radar may now have part in
  std::erase_if(wanted, [&](const Interval& i) {
    if (i.end > issue || i.begin < issue - config.plan.history) return true;
    if (const RainSlot* s = to_be_merged_again(merged, i, radar, config, issue)) {
      alone.push_back(*s);
      return false;
    }
    return merged.covers(i) && !lacks_plane(state, i);
  });
  if (wanted.empty()) return;
  std::vector<Field> amounts = amounts_of(radar, wanted, config, issue);
  // Late frames that still do not fill the interval change nothing but their number.
  for (const RainSlot& s : alone) {
    if (std::any_of(amounts.begin(), amounts.end(), [&](const Field& f) { return f.meta.valid == s.interval; })) continue;
    RainSlot kept = s;
    kept.source = gauges_alone_source(frames_of(radar, s.interval, config, issue));
    merged.forget(kept.interval);
    merged.add(std::move(kept));
    if (!lacks_plane(state, s.interval)) std::erase(wanted, s.interval);
  }
  if (wanted.empty()) return;
  if (amounts.empty()) {
    report.notes.push_back("gauges: no radar for their time; they stand alone within their reach");
    amounts = without_radar(wanted, regions);
  }
  GaugeMergeSettings settings;
  settings.merge.method = parse_merge_method(config.gauge_method);
  settings.merge.reach_km = config.gauge_reach_km;
  const GaugeMerge g = merge_gauges(amounts, series, wanted, settings);
  std::size_t again = 0;
  for (const MergedRain& m : g.merged) {
    const Interval valid = m.field.meta.valid;
    keep_plane(state, m.field, means, report);
    const bool was_alone = std::any_of(alone.begin(), alone.end(), [&](const RainSlot& s) { return s.interval == valid; });
    if (merged.covers(valid) && !was_alone) continue;  // its plane was all that it lacked
    if (was_alone && !m.gauges_alone) ++again;
    merged.forget(valid);
    RainSlot s = means(m.field);
    s.source = m.gauges_alone ? gauges_alone_source(frames_of(radar, valid, config, issue)) : gauge_source();
    merged.add(std::move(s));
  }
  if (again > 0) report.notes.push_back(fmt::format("gauges: {} intervals of gauges alone were merged again, for their radar has come", again));
  tell(g, series, report);
}

}  // namespace

void merge_gauge_rain(const std::vector<InventoryItem>& stations, const std::vector<InventoryItem>& radar, const RunConfig& config, TimePoint issue,
                      const RegionSet& regions, RegionMeans& means, RainState& state, RunReport& report) {
  StageTimer timer(report, "gauges");
  try {
    merge(stations, radar, config, issue, regions, means, state, report);
  } catch (const Error& e) {
    report.degraded.push_back(std::string("gauges: ") + e.what());
  }
}

}  // namespace guyu::cli
