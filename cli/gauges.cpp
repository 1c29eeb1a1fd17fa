#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/rain_frames.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/cycle/observed_rain.h"
#include "engine/gauge/gauge_merge.h"
#include "guyu_version.h"
#include "ingest/reader.h"
#include "ingest/station_list.h"
#include "ingest/station_tables.h"
#include "products/grid_netcdf.h"

namespace guyu::cli {
namespace {
using nlohmann::json;

constexpr std::size_t kMostFindings = 1000;  // told one by one in the report; the counts are of all

struct GaugesArguments {
  std::vector<std::string> stations, radar;
  std::string method = "ked", out, report, list;
  int interval_min = 0, gap_min = 15;
  double reach_km = 40;
  bool no_scores = false;
};

json number_or_null(double v) { return std::isfinite(v) ? json(v) : json(nullptr); }

// The radar's rain as amounts, in order of time. A file that states rates and amounts too is taken at its amounts: those are what gauges measure.
std::vector<Field> radar_amounts(const GaugesArguments& a, std::vector<std::string>& problems, std::vector<std::string>& notes) {
  std::vector<FieldPtr> frames;
  for (const std::string& path : a.radar) {
    FileFields file = read_file(path, {{quantities::rainfall_rate().name, quantities::precipitation_amount().name}});
    problems.insert(problems.end(), file.problems.begin(), file.problems.end());
    const auto is_amount = [](const Field& f) { return f.meta.quantity == quantities::precipitation_amount() && f.meta.valid.begin < f.meta.valid.end; };
    if (std::any_of(file.fields.begin(), file.fields.end(), is_amount)) std::erase_if(file.fields, [&](const Field& f) { return !is_amount(f); });
    for (Field& f : file.fields) frames.push_back(std::make_shared<const Field>(std::move(f)));
  }
  std::stable_sort(frames.begin(), frames.end(), [](const FieldPtr& x, const FieldPtr& y) { return x->meta.valid.end < y->meta.valid.end; });
  return observed_amounts(frames, {Seconds(60 * a.gap_min)}, notes);
}

json score_json(const Agreement& a) {
  return {{"pairs", a.pairs},
          {"rmse_mm", number_or_null(a.root_mean_square_error)},
          {"mae_mm", number_or_null(a.mean_absolute_error)},
          {"mean_error_mm", number_or_null(a.mean_error)},
          {"multiplicative_bias", number_or_null(a.multiplicative_bias)},
          {"correlation", number_or_null(a.correlation)}};
}

json scores_json(const GaugeMerge& g) {
  json all = json::object();
  for (const LeaveOneOutScore& s : g.scores) {
    json& one = all[std::string(merge_method_name(s.method))] = score_json(s.agreement);
    one["fell_back"] = s.fell_back;
  }
  if (!g.scores.empty()) all["gauges-alone"] = score_json(g.gauges_alone);
  return all;
}

json findings_json(const std::vector<QualityFinding>& findings, const std::vector<StationPlace>& stations, const std::vector<Interval>& times) {
  json all = json::array();
  for (const QualityFinding& f : findings) {
    if (all.size() == kMostFindings) break;
    all.push_back({{"station", stations[f.station].code},
                   {"longitude", number_or_null(stations[f.station].longitude)},
                   {"latitude", number_or_null(stations[f.station].latitude)},
                   {"flag", quality_flag_name(f.flag)},
                   {"time", f.time ? json(to_iso(times[*f.time].end)) : json(nullptr)},
                   {"value", number_or_null(static_cast<double>(f.value))},
                   {"reason", f.reason}});
  }
  return all;
}

json intervals_json(const std::vector<MergedRain>& merged) {
  json all = json::array();
  for (const MergedRain& m : merged) {
    const FieldStatistics s = statistics(std::as_const(m.field).view());
    all.push_back({{"begin", to_iso(m.field.meta.valid.begin)},
                   {"end", to_iso(m.field.meta.valid.end)},
                   {"method", m.gauges_alone ? "gauges-alone" : merge_method_name(m.plan.method)},
                   {"reason", m.plan.reason},
                   {"gauges", m.plan.gauges},
                   {"gauges_seen_by_radar", m.plan.pairs},
                   {"wet_pairs", m.plan.bias.pairs},
                   {"bias_factor", m.plan.bias.factor},
                   {"variogram", {{"range_km", m.plan.variogram.range_km}, {"nugget", m.plan.variogram.nugget}, {"from", m.plan.variogram_from}}},
                   {"cells_from_gauges", m.cells_from_gauges},
                   {"missing", s.missing},
                   {"mean_mm", number_or_null(s.mean)},
                   {"max_mm", number_or_null(s.max)}});
  }
  return all;
}

json counts_json(const GaugeMerge& g) {
  json counts = json::object();
  for (const QualityFlag f : kQualityFlags) counts[std::string(quality_flag_name(f))] = 0;
  for (const auto* findings : {&g.report_findings, &g.sum_findings}) {
    for (const QualityFinding& f : *findings) counts[std::string(quality_flag_name(f.flag))] = counts[std::string(quality_flag_name(f.flag))].get<int>() + 1;
  }
  return counts;
}

void write_field(const GaugesArguments& a, const GaugeMerge& g) {
  std::vector<std::string> inputs = a.stations;
  inputs.insert(inputs.end(), a.radar.begin(), a.radar.end());
  const Field& first = g.merged.front().field;
  GridNetcdfWriter writer(a.out, first.grid(),
                          {fmt::format("rain of radar and gauges ({})", a.method), kVersion, "", hashed(inputs), g.merged.back().field.meta.valid.end});
  GridVariable v{"precipitation_amount", "rain of radar and gauges", quantities::precipitation_amount(), TimeKind::accumulation, {}, ""};
  for (const MergedRain& m : g.merged) v.times.push_back(m.field.meta.valid);
  const std::size_t at = writer.add(std::move(v));
  for (std::size_t k = 0; k < g.merged.size(); ++k) writer.write(at, k, std::as_const(g.merged[k].field).view());
  writer.close();
}

void print_scores(const GaugeMerge& g) {
  if (g.scores.empty()) return;
  fmt::print("{:<16} {:>6} {:>9} {:>9} {:>9} {:>11} {:>9}\n", "leave one out", "pairs", "RMSE mm", "MAE mm", "bias", "correlation", "fell back");
  const auto shown = [](double v) { return std::isfinite(v) ? fmt::format("{:.3f}", v) : std::string("-"); };
  const auto print = [&](std::string_view name, const Agreement& a, const std::string& fell_back) {
    fmt::print("{:<16} {:>6} {:>9} {:>9} {:>9} {:>11} {:>9}\n", name, a.pairs, shown(a.root_mean_square_error), shown(a.mean_absolute_error),
               shown(a.multiplicative_bias), shown(a.correlation), fell_back);
  };
  print("gauges alone", g.gauges_alone, "-");
  for (const LeaveOneOutScore& s : g.scores) {
    print(s.method == MergeMethod::radar_alone ? "radar alone" : merge_method_name(s.method), s.agreement, std::to_string(s.fell_back));
  }
}

int run_gauges(const GaugesArguments& a) {
  GaugeMergeSettings settings;
  settings.merge.method = parse_merge_method(a.method);
  settings.merge.reach_km = a.reach_km;
  if (!a.list.empty()) settings.quality.known = read_station_list(a.list);
  settings.scores = !a.no_scores;
  StationFiles files = read_station_files(a.stations, {{quantities::precipitation_amount().name}});
  std::vector<std::string> problems = std::move(files.problems), notes = std::move(files.notes);
  const StationSeries stations = station_series(files.tables, quantities::precipitation_amount().name);
  const Seconds length = a.interval_min > 0 ? Seconds(60 * a.interval_min) : usual_length(stations);
  if (stations.kind != TimeKind::accumulation || length <= Seconds(0)) {
    throw Error(a.stations.front(), "the amounts of its stations have no period", "name the column rain_1h, or give more than one time");
  }
  const std::vector<Interval> wanted = intervals_up_to_last(stations, length);
  if (wanted.empty()) throw Error("--interval", fmt::format("{} min is longer than the stations report", length.count() / 60), "give fewer minutes");
  const std::vector<Field> radar = radar_amounts(a, problems, notes);
  if (radar.empty()) throw Error(a.radar.front(), "the radar files give no rain over an interval", "give at least two frames no further apart than --max-gap");
  const GaugeMerge merged = merge_gauges(radar, stations, wanted, settings);
  notes.insert(notes.end(), merged.notes.begin(), merged.notes.end());
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  if (std::all_of(merged.merged.begin(), merged.merged.end(), [](const MergedRain& m) { return m.gauges_alone; })) {
    throw Error(a.radar.front(), fmt::format("the radar fills none of the {} intervals of {} min that the stations report", wanted.size(), length.count() / 60),
                "give radar of the same time, or frames no further apart than --max-gap");
  }
  write_field(a, merged);
  if (!a.report.empty()) {
    const json report{{"version", kVersion},
                      {"method", a.method},
                      {"interval_min", length.count() / 60},
                      {"stations", stations.stations.size()},
                      {"quality",
                       {{"values", merged.values_before},
                        {"values_kept", merged.values_after},
                        {"counts", counts_json(merged)},
                        {"reports", findings_json(merged.report_findings, merged.gauges.stations, merged.reported)},
                        {"sums", findings_json(merged.sum_findings, merged.gauges.stations, merged.gauges.times)}}},
                      {"intervals", intervals_json(merged.merged)},
                      {"leave_one_out", scores_json(merged)},
                      {"notes", notes},
                      {"problems", problems}};
    write_file_atomically(a.report, report.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
  }
  std::size_t cells = 0;
  for (const MergedRain& m : merged.merged) cells += static_cast<std::size_t>(m.cells_from_gauges);
  fmt::print("{} stations, {} of {} values kept, {} intervals of {} min merged, {} cells from gauges alone\n", stations.stations.size(), merged.values_after,
             merged.values_before, merged.merged.size(), length.count() / 60, cells);
  print_scores(merged);
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_gauges(Verb& guyu) {
  Verb verb = guyu.verb("gauges", "check rain gauges and merge them with radar");
  auto a = std::make_shared<GaugesArguments>();
  verb.option("stations", a->stations, "files of stations: CSV, BUFR, MICAPS 3, CF NetCDF series").required();
  verb.option("--radar", a->radar, "radar files, rates or amounts, of one grid").required();
  verb.option("--method", a->method, "ked: kriging with external drift").one_of({"ked", "conditional", "mean-field-bias", "none"}).shows_default();
  verb.option("--interval", a->interval_min, "minutes that are summed; 0: what the stations report").at_least_zero().shows_default();
  verb.option("--max-gap", a->gap_min, "minutes between radar instants over which rain is joined").at_least_zero().shows_default();
  verb.option("--reach", a->reach_km, "km beyond which a gauge says nothing but the mean bias").shows_default();
  verb.option("--station-list", a->list, "table (code, lon, lat) of the stations' true places");
  verb.flag("--no-scores", a->no_scores, "leave the leave-one-out scores away");
  verb.option("--out", a->out, "NetCDF file to write").required();
  verb.option("--report", a->report, "JSON file: what was flagged and why, methods, leave-one-out scores");
  verb.action([a] { return run_gauges(*a); });
}

}  // namespace guyu::cli
