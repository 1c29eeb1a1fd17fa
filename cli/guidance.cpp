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
#include "cli/field_file.h"
#include "cli/flood_state_file.h"
#include "cli/forecast/wanted.h"
#include "cli/ground.h"
#include "cli/runoff_choice.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/hydrology/curve_number_runoff.h"
#include "engine/hydrology/flash_flood_guidance.h"
#include "engine/hydrology/flood_run.h"
#include "engine/hydrology/threshold_discharge.h"
#include "engine/region/zonal_statistics.h"
#include "products/map.h"

namespace guyu::cli {
namespace {

constexpr const char* kFlow = "water_volume_transport_in_river_channel";

struct GuidanceArguments {
  GroundArguments ground;
  RunoffArguments runoff;
  std::vector<std::string> annual_peaks;
  std::vector<double> formula, periods{2}, durations{1, 3, 6}, streams{2, 200};
  double wetness = 0.5, step_min = 15;
  int least_years = 10;
  std::string state, statistic = "mean", out, grid, map;
  RegionSource regions;
};

// Discharge that floods, by return period.
std::vector<Plane> thresholds_of(const GuidanceArguments& a, const Ground& g) {
  if (a.formula.empty() == a.annual_peaks.empty())
    throw Error("guidance", "the threshold discharge is not told", "give --annual-peaks FILES of guyu flood, or --flood-formula C,N");
  if (!a.formula.empty()) {
    if (a.periods.size() != 1) throw Error("--flood-formula", "tells the discharge of one return period", "give one with --periods");
    if (a.formula.size() != 2 || !(a.formula[0] > 0) || !(a.formula[1] >= 0) || a.formula[1] > 2)
      throw Error("--flood-formula", "wants a factor above 0 and an exponent from 0 to 2", "e.g. 5,0.7 for 5 km2^0.7");
    Plane q(g.grid.ny(), g.grid.nx(), std::numeric_limits<float>::quiet_NaN());
    for (const std::int32_t c : g.network->order()) {
      const auto k = static_cast<std::size_t>(c);
      q.values[k] = static_cast<float>(a.formula[0] * std::pow(static_cast<double>(g.area_km2.values[k]), a.formula[1]));
    }
    return {q};
  }
  const std::vector<std::string> files = files_named(a.annual_peaks);
  std::vector<Plane> years;
  for (const std::string& path : files) years.push_back(plane_of(g, path, kFlow));
  if (years.size() < static_cast<std::size_t>(std::max(a.least_years, 10)))
    throw Error(files.front(), fmt::format("{} years are too few for a return period", years.size()),
                "give the peaks of at least ten years, or --flood-formula");
  return threshold_discharges(years, a.periods, static_cast<std::size_t>(a.least_years));
}

// Slopes shown in the colour of the first stream that they drain to: lines a cell wide are hard to see.
Plane with_slopes(const FlowNetwork& network, Plane values) {
  const auto order = network.order();
  for (auto c = order.rbegin(); c != order.rend(); ++c) {
    float& v = values.values[static_cast<std::size_t>(*c)];
    if (const std::int32_t down = network.downstream(*c); std::isnan(v) && down >= 0) v = values.values[static_cast<std::size_t>(down)];
  }
  return values;
}

// Rain that is critical by the curve number, the exact inverse on the catchment's mean number and water.
std::vector<Plane> by_curve_number(const GuidanceArguments& a, const Ground& g, const ChannelCells& channels, const SoilState& soil,
                                   const std::vector<Plane>& runoff) {
  const CurveNumberRunoff mean(*g.network, upstream_mean(*g.network, channels, curve_numbers(g, a.runoff.curve_number)), a.runoff.abstraction);
  const Plane water = a.state.empty() ? mean.start(a.wetness).front() : upstream_mean(*g.network, channels, soil.front());
  std::vector<Plane> critical;
  for (const Plane& threshold : runoff) {
    Plane rain(g.grid.ny(), g.grid.nx(), std::numeric_limits<float>::quiet_NaN());
    for (std::size_t k = 0; k < rain.values.size(); ++k)
      if (const SoilStore& store = mean.stores()[k]; !std::isnan(threshold.values[k]) && !std::isnan(store.retention))
        rain.values[k] = static_cast<float>(soil_store_critical_rain(store, static_cast<double>(water.values[k]), static_cast<double>(threshold.values[k])));
    critical.push_back(std::move(rain));
  }
  return critical;
}

// The same by the runoff model itself, run on every cell.
std::vector<Plane> by_columns(const GuidanceArguments& a, const Ground& g, const ChannelCells& channels, const RunoffModel& model, const SoilState& soil,
                              const std::vector<Plane>& runoff) {
  std::vector<Plane> critical;
  for (std::size_t d = 0; d < runoff.size(); ++d)
    critical.push_back(critical_rain_mm(model, soil, *g.network, channels, runoff[d], a.durations[d], 60 * a.step_min));
  return critical;
}

// Soil under rain that nobody saw may be wetter than it is taken to be: where that is as much as leaves a flow unknown (flood_step()), so is what is critical.
// Gives the number of stream cells.
std::size_t leave_out_unseen(const Ground& g, const ChannelCells& channels, const FloodState& state, const std::vector<char>& stream,
                             std::vector<Plane>& critical) {
  const Plane share = upstream_mean(*g.network, channels, state.unknown);
  std::size_t cells = 0;
  for (std::size_t k = 0; k < stream.size(); ++k) {
    if (!(share.values[k] > FloodState::most_unknown)) continue;
    cells += static_cast<std::size_t>(stream[k]);
    for (Plane& rain : critical) rain.values[k] = std::numeric_limits<float>::quiet_NaN();
  }
  return cells;
}

// The class that most of each township's known ground has; the smaller number of two that are equal. NaN: none. O(classes x cells).
std::vector<float> commonest_class(const Plane& classes, const ZonalWeights& weights, std::size_t townships) {
  const auto statistic = parse_zonal_statistics("mean");
  std::set<float> all;
  for (const float c : classes.values)
    if (!std::isnan(c)) all.insert(c);
  std::vector<float> out(townships, std::numeric_limits<float>::quiet_NaN()), most(townships, 0.0F);
  Plane is(classes.ny, classes.nx);
  for (const float c : all) {
    std::transform(classes.values.begin(), classes.values.end(), is.values.begin(), [c](float v) { return std::isnan(v) ? v : v == c ? 1.0F : 0.0F; });
    const std::vector<float> share = zonal_statistics(std::as_const(is).view(), weights, statistic).columns[0];
    for (std::size_t r = 0; r < townships; ++r)
      if (share[r] > most[r]) out[r] = c, most[r] = share[r];
  }
  return out;
}

int run(const GuidanceArguments& a) {
  if (a.streams.size() != 2 || !(a.streams[0] < a.streams[1])) throw Error("--streams", "wants a smaller and a larger area", "e.g. 2,200 km2");
  for (const double h : a.durations)
    if (!(h > 0) || h > 48) throw Error("--durations", fmt::format("{:g} hours are no duration", h), "give hours from 0 to 48, e.g. 1,3,6");
  const auto of_streams = parse_zonal_statistics(a.statistic);
  const Ground g = read_ground(a.ground, "guidance");
  const ChannelCells channels = channel_cells(g, a.runoff.channels);
  const std::vector<Plane> thresholds = thresholds_of(a, g);
  const RunoffChoice choice = runoff_choice(g, a.runoff);
  std::optional<FloodState> state;
  if (!a.state.empty()) state = read_flood_state(g, *choice.model, a.state).state;
  const SoilState soil = state ? state->soil : choice.model->start(a.wetness);
  std::vector<char> stream(g.area_km2.values.size(), 0);
  std::size_t count = 0;
  for (std::size_t k = 0; k < stream.size(); ++k) {
    const auto km2 = static_cast<double>(g.area_km2.values[k]);
    stream[k] = km2 >= a.streams[0] && km2 <= a.streams[1] ? 1 : 0;
    count += static_cast<std::size_t>(stream[k]);
  }
  if (count == 0)
    throw Error("--streams", fmt::format("no cell drains {:g} to {:g} km2", a.streams[0], a.streams[1]), "widen the bounds, or take a larger or finer grid");

  std::vector<Plane> runoff;
  for (const double hours : a.durations)
    runoff.push_back(threshold_runoff_by_routing(*g.network, channels, thresholds.front(), hours, stream, 60 * a.step_min));
  std::vector<Plane> critical = a.runoff.xinanjiang() ? by_columns(a, g, channels, *choice.model, soil, runoff) : by_curve_number(a, g, channels, soil, runoff);

  const std::size_t unseen = state ? leave_out_unseen(g, channels, *state, stream, critical) : 0;
  if (unseen > 0)
    fmt::print(stderr, "guyu: {}: {} of {} stream cells have no guidance: of the last day's rain above them more than a tenth is not known\n", a.state, unseen,
               count);

  RegionSet regions;
  if (!a.regions.path.empty()) regions = read_regions(a.regions);
  for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);
  FieldSet set;
  for (std::size_t p = 0; p < thresholds.size(); ++p) set.insert(as_field(g.grid, kFlow, "m3 s-1", period_level(a.periods[p]), thresholds[p]));
  Plane own;  // curve numbers
  if (!a.runoff.xinanjiang()) {
    own = curve_numbers(g, a.runoff.curve_number);
    set.insert(as_field(g.grid, "runoff_curve_number", "1", "", upstream_mean(*g.network, channels, own)));
  }
  set.insert(as_field(g.grid, "upstream_area", "km2", "", g.area_km2));
  for (std::size_t d = 0; d < a.durations.size(); ++d) {
    const std::string level = fmt::format("{:g} h", a.durations[d]);
    set.insert(as_field(g.grid, "threshold_runoff", "mm", level, runoff[d]));
    set.insert(as_field(g.grid, "critical_rain", "mm", level, critical[d]));
    if (a.map.empty()) continue;
    const std::string at = a.map.ends_with(".png") ? a.map.substr(0, a.map.size() - 4) : a.map;
    const MapText text{
        fmt::format("Critical rain of {:g} h", a.durations[d]),
        fmt::format("{:g} h 临界雨量 · flash-flood guidance, {}-flood", a.durations[d], period_level(a.periods.front())),
        (a.state.empty() ? fmt::format("soil wetness {:g} of 1", a.wetness) : "soil water of " + a.state) + (a.runoff.xinanjiang() ? "; " + choice.told : "")};
    const FieldPtr shown = as_field(g.grid, "critical_rain", "mm", level, with_slopes(*g.network, critical[d]));
    draw_field_map(fmt::format("{}_{:g}h.png", at, a.durations[d]), *shown, a.regions.path.empty() ? nullptr : &regions, text);
  }
  std::vector<std::string> inputs = g.tiles;
  if (!a.grid.empty())
    write_fields(a.grid, g.grid, "threshold discharge and runoff, and rain that is critical on the soil as it is; " + choice.told, inputs, set);

  std::size_t without = 0;
  bool nothing = false;
  if (!a.out.empty()) {
    if (a.regions.path.empty()) throw Error("--out", "townships are not told", "give --regions FILE --code COLUMN");
    const ZonalWeights weights = compute_zonal_weights(g.grid, regions);
    std::string heading = "code,name";
    std::vector<std::vector<float>> columns;
    if (!a.runoff.xinanjiang()) {
      heading += ",curve_number";
      columns.push_back(zonal_statistics(std::as_const(own).view(), weights, parse_zonal_statistics("mean")).columns[0]);
    } else {
      heading += ",soil_class";
      columns.push_back(commonest_class(choice.soil_class, weights, regions.regions.size()));
    }
    const std::size_t first_runoff = columns.size();
    const auto add = [&](const char* name, const std::vector<Plane>& planes) {
      for (std::size_t d = 0; d < planes.size(); ++d) {
        heading += fmt::format(",{}_{:g}h [mm]", name, a.durations[d]);
        columns.push_back(zonal_statistics(planes[d].view(), weights, of_streams).columns[0]);
      }
    };
    add("threshold_runoff", runoff);
    add("critical_rain", critical);
    std::string csv = heading + "\n";
    for (std::size_t r = 0; r < regions.regions.size(); ++r) {
      csv += csv_text(regions.regions[r].code) + "," + csv_text(regions.regions[r].name);
      for (const auto& column : columns) csv += "," + csv_number(column[r]);
      csv += "\n";
      without += std::isnan(columns[first_runoff][r]) ? 1 : 0;
    }
    write_file_atomically(a.out, csv);
    nothing = without == regions.regions.size();
    if (nothing) fmt::print(stderr, "guyu: {}: no township has guidance: check that they lie on the elevation, --regions-crs and --streams\n", a.regions.path);
    fmt::print("{}: {} townships, {} of them without a stream of {:g} to {:g} km2: no guidance there\n", a.out, regions.regions.size(), without, a.streams[0],
               a.streams[1]);
  }
  if (a.runoff.xinanjiang()) fmt::print("{}\n", choice.told);
  for (std::size_t d = 0; d < a.durations.size(); ++d) {
    const FieldStatistics s = statistics(std::as_const(critical[d]).view());
    fmt::print("critical rain of {:g} h: {:.0f} to {:.0f} mm, mean {:.0f}, on {} of {} stream cells\n", a.durations[d], s.min, s.max, s.mean, s.valid, count);
  }
  return regions.problems.empty() && !nothing && unseen == 0 ? exit_done : exit_degraded;
}

}  // namespace

void add_guidance(Verb& guyu) {
  Verb verb = guyu.verb("guidance", "flash-flood guidance: the rain of 1, 3, 6 h that brings streams to their threshold, as attributes, grids and maps");
  auto a = std::make_shared<GuidanceArguments>();
  a->ground.add_options(verb);
  a->runoff.add_options(verb);
  verb.option("--annual-peaks", a->annual_peaks, "files of guyu flood, one for each year: thresholds by their return period");
  verb.option("--flood-formula", a->formula, "C,N instead: the discharge of the return period is C times area (km2) to the power N, m3/s")
      .parted_by(',')
      .words(2, 2);
  verb.option("--periods", a->periods, "years, parted by commas; the first one is that of the guidance (2)").parted_by(',').words(1, 12);
  verb.option("--least-years", a->least_years, "years of peaks that a cell needs").shows_default().between(10, 1000);
  verb.option("--durations", a->durations, "hours, parted by commas (1,3,6)").parted_by(',').words(1, 12);
  verb.option("--streams", a->streams, "km2 upstream, least and most, of the cells that count (2,200)").parted_by(',').words(2, 2);
  verb.option("--step", a->step_min, "minutes of the routing; durations are whole numbers of it").shows_default().between(1.0, 60.0);
  verb.option("--wetness", a->wetness, "of the soil: 0 dry, 0.5 moderate, 1 so wet that any rain runs off in part; of xinanjiang: the share that is full")
      .shows_default()
      .between(0.0, 1.0);
  verb.option("--state", a->state, "state that guyu flood has written: the soil as it is");
  Option regions = verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON");
  Option code = verb.option("--code", a->regions.code_column, "column with the regions' codes").needs(regions);
  regions.needs(code);
  verb.option("--name", a->regions.name_column, "column with the regions' names").needs(regions);
  verb.option("--layer", a->regions.layer, "layer of the regions' file").needs(regions);
  verb.option("--regions-crs", a->regions.crs, "CRS of the regions, when their file does not say").needs(regions);
  verb.option("--statistic", a->statistic, "of the stream cells of a township: mean, min, p10, ...").shows_default();
  verb.option("--grid", a->grid, "NetCDF file for the grids: thresholds that guyu flood reads, threshold runoff, critical rain");
  verb.option("--map", a->map, "beginning of the names of PNG maps, one for each duration");
  verb.option("--out", a->out, "CSV file for the townships: attributes of the model flash_flood");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
