#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "cli/app.h"
#include "cli/csv.h"
#include "cli/evaporation.h"
#include "cli/field_file.h"
#include "cli/flood_state_file.h"
#include "cli/forecast/wanted.h"
#include "cli/ground.h"
#include "cli/runoff_choice.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/hydrology/flood_run.h"
#include "engine/region/zonal_statistics.h"
#include "engine/regrid/apply.h"
#include "hpc/parallel/parallel_for.h"
#include "ingest/reader.h"
#include "products/map.h"

namespace guyu::cli {
namespace {

constexpr const char* kDischarge = "water_volume_transport_in_river_channel";
constexpr float kNegative = -0.1F;  // mm or mm/h: below it no rounding of none, but a code for missing
constexpr double kLostShare = 0.2;  // of the members, whose flow is not known: no probability with more

struct FloodArguments {
  GroundArguments ground;
  RunoffArguments runoff;
  EvaporationArguments evaporation;
  std::vector<std::string> rain;
  std::vector<double> periods;
  double wetness = 0.5, recession = 0.9, tail_h = 6, stream_km2 = 2;
  std::string thresholds, state, state_out, out, table, map;
  RegionSource regions;
};

// A step of rain, where it is to be read; nullptr: time that no file tells of.
struct RainAt {
  Interval time;
  const std::string* path = nullptr;
  FieldPlace place;
  bool is_rate = false;
};

struct RainRun {
  std::vector<std::string> files;
  std::vector<std::optional<int>> members;
  std::vector<FieldPlace> places;
  std::vector<std::size_t> file_of;
  std::vector<std::string> problems;
  Grid grid;
};

RainRun rain_of(const FloodArguments& a) {
  RainRun run;
  run.files = files_named(a.rain);
  ReadRequest request;
  request.quantities = {"precipitation_amount", "rainfall_rate"};
  for (std::size_t f = 0; f < run.files.size(); ++f) {
    std::vector<std::string> problems;
    for (FieldPlace& p : list_fields(run.files[f], request, problems)) run.places.push_back(std::move(p)), run.file_of.push_back(f);
    for (const std::string& p : problems) run.problems.push_back(run.files[f] + ": " + p);
  }
  if (run.places.empty())
    throw Error(a.rain.front(), "has no rain" + (run.problems.empty() ? "" : ": " + run.problems.front()),
                "give files with rainfall_rate or precipitation_amount");
  // Amounts before rates; members before fields without one.
  const bool amounts = std::any_of(run.places.begin(), run.places.end(), [](const FieldPlace& p) { return is_amount(p.meta.quantity); });
  const bool ensemble = std::any_of(run.places.begin(), run.places.end(), [](const FieldPlace& p) { return p.meta.member.has_value(); });
  std::set<std::optional<int>> members;
  std::size_t kept = 0;
  for (std::size_t k = 0; k < run.places.size(); ++k) {
    const FieldMeta& m = run.places[k].meta;
    if (is_amount(m.quantity) != amounts || (ensemble && !m.member)) continue;
    members.insert(m.member);
    if (k != kept) run.places[kept] = std::move(run.places[k]);
    run.file_of[kept++] = run.file_of[k];
  }
  run.places.resize(kept), run.file_of.resize(kept);
  run.members.assign(members.begin(), members.end());
  run.grid = reader_for(run.files[run.file_of.front()]).read_at(run.files[run.file_of.front()], run.places.front()).grid();
  return run;
}

// One future's steps in order; a rate holds since the rate before it, or where that is long ago for one usual step, before which nothing is known. What a
// state of the time `from` holds already is left out, and what fell between it and the first rain is not known.
std::vector<RainAt> steps_of(const RainRun& run, std::optional<int> member, std::optional<TimePoint> from) {
  std::vector<RainAt> steps;
  for (std::size_t k = 0; k < run.places.size(); ++k)
    if (run.places[k].meta.member == member)
      steps.push_back({run.places[k].meta.valid, &run.files[run.file_of[k]], run.places[k], !is_amount(run.places[k].meta.quantity)});
  std::stable_sort(steps.begin(), steps.end(), [](const RainAt& x, const RainAt& y) { return x.time.end < y.time.end; });
  std::vector<Seconds> gaps;
  for (std::size_t k = 1; k < steps.size(); ++k) gaps.push_back(steps[k].time.end - steps[k - 1].time.end);
  std::sort(gaps.begin(), gaps.end());
  const Seconds usual = gaps.empty() ? Seconds(600) : std::max(gaps[gaps.size() / 2], Seconds(1));
  std::vector<RainAt> out;
  for (RainAt& s : steps) {
    const bool first = out.empty() && !from;
    const TimePoint before = first ? TimePoint::min() : out.empty() ? *from : out.back().time.end;
    if (!first && s.time.end <= before) continue;  // told twice
    if (s.time.begin == s.time.end) s.time.begin = first || s.time.end - before > 3 * usual ? s.time.end - usual : before;
    if (!first && s.time.begin < before) continue;  // an amount that overlaps the one before
    if (!first && s.time.begin > before) out.push_back({{before, s.time.begin}, nullptr, {}, false});
    out.push_back(std::move(s));
  }
  return out;
}

struct FutureFlow {
  Plane peak;                 // largest known flow
  std::vector<char> unknown;  // some step's flow is not known
  FloodState end;             // after the last rain
  TimePoint begin{}, rain_end{};
  Interval gap{};  // between the state and the first rain
};

FutureFlow flow_of(const FloodArguments& a, const FloodGround& ground, const Grid& grid, const RainRun& run, const RegridWeights& weights,
                   Evaporation& evaporation, std::optional<int> member, FloodState state, std::optional<TimePoint> from) {
  const std::size_t n = ground.channels->rate.size();
  FutureFlow out{Plane(grid.ny(), grid.nx(), std::numeric_limits<float>::quiet_NaN()), std::vector<char>(n, 0), {}, {}, {}, {}};
  const auto take = [&](const Plane& flow) {
    for (std::size_t k = 0; k < n; ++k) {
      if (std::isnan(flow.values[k])) out.unknown[k] = 1;
      else if (!(flow.values[k] <= out.peak.values[k])) out.peak.values[k] = flow.values[k];
    }
  };
  Plane rain(grid.ny(), grid.nx());
  const std::vector<RainAt> steps = steps_of(run, member, from);
  if (steps.empty())
    throw Error(a.state, "is of " + to_iso(*from) + ", and the rain ends before that", "give rain that goes on from the state, or the state before the rain");
  if (from && !steps.front().path) out.gap = steps.front().time;
  for (const RainAt& s : steps) {
    const auto seconds = static_cast<double>(s.time.length().count());
    if (!s.path) {
      std::fill(rain.values.begin(), rain.values.end(), std::numeric_limits<float>::quiet_NaN());
    } else {
      Field f = reader_for(*s.path).read_at(*s.path, s.place);
      for (float& v : f.values())
        if (v < kNegative) v = std::numeric_limits<float>::quiet_NaN();
      if (!(f.grid() == run.grid)) throw Error(*s.path, "its grid differs from that of the first field", "give rain on one grid");
      apply_weights(weights, std::as_const(f).view(), {MissingPolicy::renormalise, 0.5}, rain.view());
      if (s.is_rate)
        for (float& v : rain.values) v *= static_cast<float>(seconds / 3600);
    }
    take(flood_step(ground, state, rain, evaporation.over(s.time), seconds));
  }
  out.begin = steps.front().time.begin, out.rain_end = steps.back().time.end;
  out.end = state;
  std::fill(rain.values.begin(), rain.values.end(), 0.0F);
  constexpr Seconds kTailStep{900};
  for (Seconds t{0}; static_cast<double>(t.count()) < 3600 * a.tail_h; t += kTailStep)
    take(flood_step(ground, state, rain, evaporation.over({out.rain_end + t, out.rain_end + t + kTailStep}), static_cast<double>(kTailStep.count())));
  return out;
}

float quantile_of(std::vector<float>& values, double p) {
  std::sort(values.begin(), values.end());
  const double at = p * static_cast<double>(values.size() - 1);
  const auto k = static_cast<std::size_t>(at);
  const float above = values[std::min(k + 1, values.size() - 1)];
  return values[k] + static_cast<float>(at - static_cast<double>(k)) * (above - values[k]);
}

int run(const FloodArguments& a) {
  const Ground g = read_ground(a.ground, "flood");
  const ChannelCells channels = channel_cells(g, a.runoff.channels);
  const RunoffChoice runoff = runoff_choice(g, a.runoff, a.recession);
  const FloodGround ground{g.network.get(), &channels, runoff.model.get()};
  if (!a.runoff.xinanjiang() && (!a.evaporation.files.empty() || !std::isnan(a.evaporation.mm_day)))
    throw Error("--evaporation", "is not looked at by runoff by curve number", "leave it out, or add --runoff xinanjiang");
  Evaporation evaporation(a.evaporation, g);
  std::vector<Plane> thresholds;
  if (!a.periods.empty() && a.thresholds.empty()) throw Error("--periods", "there are no thresholds", "give --thresholds FILE, the grids of guyu guidance");
  for (const double years : a.periods) thresholds.push_back(plane_of(g, a.thresholds, kDischarge, period_level(years)));
  FloodState first = flood_state(ground, a.wetness);
  std::optional<TimePoint> from;
  if (!a.state.empty()) {
    TimedFloodState kept = read_flood_state(g, *runoff.model, a.state);
    first = std::move(kept.state), from = kept.at;
  }
  const RainRun rain = rain_of(a);
  const RegridWeights weights = compute_regrid_weights(rain.grid, g.grid, RegridMethod::conservative);
  if (!a.state_out.empty() && rain.members.size() > 1) throw Error("--state-out", "an ensemble has no single state", "give observed rain, one field a time");

  std::vector<FutureFlow> flows;
  for (const std::optional<int> member : rain.members) flows.push_back(flow_of(a, ground, g.grid, rain, weights, evaporation, member, first, from));
  const Interval valid{flows.front().begin, flows.front().rain_end + Seconds(std::llround(3600 * a.tail_h))};
  const std::size_t n = channels.rate.size(), members = flows.size();

  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  Plane median(g.grid.ny(), g.grid.nx(), kNone), high = median;
  std::vector<Plane> chance(thresholds.size(), median);
  parallel_for(static_cast<std::int64_t>(n), 4096, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> known;
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      if (g.network->downstream(static_cast<std::int32_t>(k)) == -2) continue;
      known.clear();
      for (const FutureFlow& f : flows)
        if (!f.unknown[k]) known.push_back(f.peak.values[k]);
      if (!known.empty() && static_cast<double>(members - known.size()) <= kLostShare * static_cast<double>(members))
        median.values[k] = quantile_of(known, 0.5), high.values[k] = quantile_of(known, 0.9);
      for (std::size_t p = 0; p < thresholds.size(); ++p) {
        const float q = thresholds[p].values[k];
        if (!(q > 0)) continue;
        std::size_t yes = 0, no = 0;
        for (const FutureFlow& f : flows) {
          if (f.peak.values[k] >= q) ++yes;  // what is known is enough
          else if (!f.unknown[k]) ++no;
        }
        if (static_cast<double>(members - yes - no) <= kLostShare * static_cast<double>(members))
          chance[p].values[k] = static_cast<float>(yes) / static_cast<float>(yes + no);
      }
    }
  });

  FieldSet set;
  set.insert(as_field(g.grid, kDischarge, "m3 s-1", members > 1 ? "median of members" : "", median, TimeKind::maximum, valid));
  if (members > 1) set.insert(as_field(g.grid, kDischarge, "m3 s-1", "90 % quantile of members", high, TimeKind::maximum, valid));
  for (std::size_t p = 0; p < chance.size(); ++p)
    set.insert(as_field(g.grid, "flood_exceedance_probability", "1", period_level(a.periods[p]), chance[p], TimeKind::maximum, valid));
  std::vector<std::string> inputs = rain.files;
  inputs.insert(inputs.end(), g.tiles.begin(), g.tiles.end());
  if (a.runoff.xinanjiang()) inputs.insert(inputs.end(), evaporation.files().begin(), evaporation.files().end());
  write_fields(a.out, g.grid, fmt::format("largest discharge of {} futures, and the probability that it reaches thresholds; {}", members, runoff.told), inputs,
               set);
  if (!a.state_out.empty()) write_flood_state(a.state_out, g, *runoff.model, inputs, {flows.front().end, flows.front().rain_end});

  std::size_t known_cells = 0, told = 0;  // townships with a known flow
  for (const float q : median.values) known_cells += std::isnan(q) ? 0 : 1;
  if (known_cells == 0)
    fmt::print(stderr, "guyu: {}: no flow is known anywhere: its rain is missing, negative or lies elsewhere than the elevation\n", a.rain.front());
  RegionSet regions;
  if (!a.regions.path.empty()) regions = read_regions(a.regions);
  for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);
  if (!a.table.empty()) {
    if (a.regions.path.empty()) throw Error("--table", "townships are not told", "give --regions FILE --code COLUMN");
    const ZonalWeights zones = compute_zonal_weights(g.grid, regions);
    // Along streams: other cells are left out; what is not known of a stream shows in the share that is.
    const auto along = [&](const Plane& plane) {
      Plane streams = plane;
      for (std::size_t k = 0; k < n; ++k)
        if (!(static_cast<double>(g.area_km2.values[k]) >= a.stream_km2)) streams.values[k] = kNone;
      return zonal_statistics(streams.view(), zones, parse_zonal_statistics("max,coverage"));
    };
    Plane every(g.grid.ny(), g.grid.nx(), 0);
    const std::vector<float> streams = along(every).columns[1];
    const ZonalTable flow = along(median);
    std::string csv = "code,name,discharge [m3 s-1]";
    std::vector<std::vector<float>> columns{flow.columns[0]};
    for (std::size_t p = 0; p < chance.size(); ++p) {
      csv += fmt::format(",probability_{:g}yr", a.periods[p]);
      columns.push_back(along(chance[p]).columns[0]);
    }
    csv += ",known_share_of_streams\n";
    for (std::size_t r = 0; r < regions.regions.size(); ++r) {
      csv += csv_text(regions.regions[r].code) + "," + csv_text(regions.regions[r].name);
      for (const auto& column : columns) csv += "," + csv_number(column[r]);
      told += std::isnan(columns.front()[r]) ? 0 : 1;
      csv += "," + csv_number(streams[r] > 0 ? std::min(1.0F, flow.columns[1][r] / streams[r]) : kNone) + "\n";
    }
    write_file_atomically(a.table, csv);
    fmt::print("{}: {} townships, {} of them with a known flow\n", a.table, regions.regions.size(), told);
    if (told == 0)
      fmt::print(stderr, "guyu: {}: no township has a known flow: check that they lie on the elevation, --regions-crs and --stream-from\n", a.regions.path);
  }
  if (!a.map.empty()) {
    const FieldPtr shown =
        chance.empty() ? as_field(g.grid, kDischarge, "m3 s-1", "", median, TimeKind::maximum, valid)
                       : as_field(g.grid, "flood_exceedance_probability", "1", period_level(a.periods.front()), chance.front(), TimeKind::maximum, valid);
    draw_field_map(a.map, *shown, a.regions.path.empty() ? nullptr : &regions, field_text(*shown));
  }
  for (const std::string& p : rain.problems) fmt::print(stderr, "guyu: {}\n", p);
  const bool gap = flows.front().gap.length().count() > 0;
  if (gap)
    fmt::print(stderr, "guyu: {}: is of {}, the rain begins at {}: what fell between is not known, and so are the flows\n", a.state,
               to_iso(flows.front().gap.begin), to_iso(flows.front().gap.end));
  const bool undried = a.runoff.xinanjiang() && evaporation.missing_share() > 0;
  if (undried)
    fmt::print(stderr, "guyu: {}: does not tell {:.1f} % of the potential evaporation, which counts as none: soil and flows are rather too wet\n",
               a.evaporation.files.front(), 100 * evaporation.missing_share());
  if (a.runoff.xinanjiang()) fmt::print("{}; {}\n", runoff.told, evaporation.told());
  const FieldStatistics s = statistics(std::as_const(median).view());
  fmt::print("{}: {} futures on {} cells, known on {}, {} to {}; largest discharge {:.1f} m3/s\n", a.out, members, g.network->order().size(), known_cells,
             to_iso(valid.begin), to_iso(valid.end), s.max);
  const bool nothing = known_cells == 0 || (!a.table.empty() && told == 0);
  return rain.problems.empty() && regions.problems.empty() && !gap && !nothing && !undried ? exit_done : exit_degraded;
}

}  // namespace

void add_flood(Verb& guyu) {
  Verb verb = guyu.verb("flood", "rain through the river network: discharge, and how likely it passes thresholds");
  auto a = std::make_shared<FloodArguments>();
  verb.option("--rain", a->rain, "grids of rain: the ensemble file of guyu nowcast --out, or frames of any known format").required();
  a->ground.add_options(verb);
  a->runoff.add_options(verb);
  a->evaporation.add_options(verb);
  Option thresholds = verb.option("--thresholds", a->thresholds, "grids of guyu guidance");
  verb.option("--periods", a->periods, "years, parted by commas: the thresholds to compare with").parted_by(',').words(1, 12).needs(thresholds);
  verb.option("--wetness", a->wetness,
              "of the soil before: 0 dry, 0.5 moderate, 1 so wet that any rain runs off in part; of xinanjiang: the share that is full")
      .shows_default()
      .between(0.0, 1.0);
  verb.option("--recession", a->recession,
              "share of the soil's water that is left after a dry day; of xinanjiang: how fast soil under unknown rain comes near full")
      .shows_default()
      .between(0.5, 1.0);
  verb.option("--state", a->state, "state of an earlier run instead of --wetness: soil and channels");
  verb.option("--state-out", a->state_out, "NetCDF file for the state after the last rain (not of an ensemble)");
  verb.option("--tail", a->tail_h, "hours that flows go on for after the last rain").shows_default().between(0.0, 240.0);
  verb.option("--stream-from", a->stream_km2, "km2 upstream from which a cell is a stream, for the townships").shows_default().at_least_zero();
  Option regions = verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON");
  Option code = verb.option("--code", a->regions.code_column, "column with the regions' codes").needs(regions);
  regions.needs(code);
  verb.option("--name", a->regions.name_column, "column with the regions' names").needs(regions);
  verb.option("--layer", a->regions.layer, "layer of the regions' file").needs(regions);
  verb.option("--regions-crs", a->regions.crs, "CRS of the regions, when their file does not say").needs(regions);
  verb.option("--table", a->table, "CSV file for the townships: the largest along their streams");
  verb.option("--map", a->map, "PNG file: the probability of the first period, or the discharge");
  verb.option("--out", a->out, "NetCDF file for the grids").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
