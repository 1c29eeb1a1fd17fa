#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "cli/app.h"
#include "cli/csv.h"
#include "cli/rain_frames.h"
#include "cli/verb.h"
#include "engine/cells/arrival.h"
#include "engine/cells/identify.h"
#include "engine/cells/tracker.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/cycle/observed_rain.h"
#include "engine/motion/optical_flow.h"
#include "guyu_version.h"
#include "ingest/reader.h"
#include "products/cell_map.h"

namespace guyu::cli {
namespace {

constexpr std::size_t kMotionFrames = 4;
constexpr double kKeptShare = 0.6;  // of the least area, that a cell may shrink to and still be followed

struct CellsArguments {
  std::vector<std::string> inputs;
  std::vector<double> thresholds, bbox;
  double least_area_km2 = 20, least_core_km2 = 8;
  int horizon_min = 60;
  RegionSource regions;
  std::string out, table, png, title;
  int width = 1200;
};

// Frames of one quantity and grid, oldest first: composite reflectivity where the files have it, else rain rates.
struct Frames {
  std::map<TimePoint, Field> at;
  std::vector<std::string> problems;
  bool reflectivity = false;

  void add(Field f, bool composite) {
    if (!at.empty() && !(at.begin()->second.grid() == f.grid()))
      throw Error(f.meta.source, "lies on another grid than " + at.begin()->second.meta.source, "give frames of one radar product");
    const TimePoint time = f.meta.valid.end;
    const auto there = at.find(time);
    if (there == at.end()) at.emplace(time, std::move(f));
    else if (composite) raise(there->second, f);
    else
      throw Error(f.meta.source, fmt::format("holds rain for {}, which {} holds already", to_iso(time), there->second.meta.source),
                  "give one rain field for each time; see guyu inspect");
  }
  // Several levels of reflectivity make a composite: the maximum of those that are known.
  static void raise(Field& composite, const Field& level) {
    composite.meta.level = "composite";
    for (std::size_t k = 0; k < composite.values().size(); ++k) {
      float& v = composite.values()[k];
      if (const float other = level.values()[k]; !(v >= other) && other == other) v = other;
    }
  }
};

Frames read_frames(const std::vector<std::string>& files) {
  const std::string dbz = quantities::reflectivity().name, rate = quantities::rainfall_rate().name, amount = quantities::precipitation_amount().name;
  Frames frames;
  for (std::size_t k = 0; k < files.size(); ++k) {
    FileFields file = read_file(files[k], {{dbz, rate, amount}});
    frames.problems.insert(frames.problems.end(), file.problems.begin(), file.problems.end());
    const auto has = [&](const std::string& name) {
      return std::any_of(file.fields.begin(), file.fields.end(), [&](const Field& f) { return f.meta.quantity.name == name; });
    };
    if (k == 0) frames.reflectivity = has(dbz);
    const std::string wanted = frames.reflectivity ? dbz : has(rate) ? rate : amount;
    if (!has(wanted)) throw Error(files[k], "has no " + wanted + ", which the first file has", "give frames of one radar product");
    for (Field& f : file.fields) {
      if (f.meta.quantity.name == wanted) frames.add(frames.reflectivity ? std::move(f) : as_rate(f), frames.reflectivity);
    }
  }
  for (const std::string& p : frames.problems) fmt::print(stderr, "guyu: {}\n", p);
  return frames;
}

// The rain that the motion is seen by: Z = 200 R^1.6 of reflectivity (Marshall and Palmer 1948).
Field rain_of(const Field& dbz) {
  Field rain = dbz.clone();
  for (float& v : rain.values()) v = v < 5 ? 0.0F : std::pow(std::pow(10.0F, std::min(v, 55.0F) / 10) / 200, 0.625F);  // NaN stays
  return rain;
}

struct Analysis {
  CellTracker tracker;
  std::vector<CellForecast> forecasts;
};

Analysis follow(const Frames& frames, const IdentifyOptions& identify, const CellForecastOptions& options) {
  const GridScale scale(frames.at.begin()->second.grid());
  TrackOptions track;
  track.least_new_area_km2 = identify.least_area_km2 / kKeptShare;
  Analysis a{CellTracker(scale, track), {}};
  std::vector<Field> converted;
  converted.reserve(frames.at.size());
  std::vector<FieldView<const float>> views;
  std::vector<TimePoint> times;
  for (const auto& [time, field] : frames.at) {
    if (frames.reflectivity) converted.push_back(rain_of(field));
    views.push_back(frames.reflectivity ? std::as_const(converted.back()).view() : field.view());
    times.push_back(time);
  }
  std::vector<Motion> motions(1);  // of each frame; the first one moves as the second shows
  for (std::size_t k = 1; k < times.size(); ++k) {
    const std::size_t from = k + 1 > kMotionFrames ? k + 1 - kMotionFrames : 0;
    motions.push_back(estimate_motion(std::span(views).subspan(from, k + 1 - from), std::span(times).subspan(from, k + 1 - from)));
    if (!motions.back().note.empty()) fmt::print(stderr, "guyu: motion at {}: {}\n", to_iso(times[k]), motions.back().note);
  }
  motions[0] = motions.size() > 1 ? motions[1] : uniform_motion(views[0].ny, views[0].nx, 0, 0);
  std::size_t k = 0;
  const CellIntensity intensity = frames.reflectivity ? CellIntensity::reflectivity : CellIntensity::linear;
  for (const auto& [time, field] : frames.at) a.tracker.add(time, identify_cells(field.view(), scale, intensity, identify), motions[k++]);
  for (const StormTrack& t : a.tracker.tracks()) {
    if (t.seen()) a.forecasts.push_back(forecast_cell(t, scale, options));
  }
  return a;
}

std::string arrival_table(const RegionSet& regions, const std::vector<CellArrival>& arrivals, std::span<const StormTrack> tracks, const GridScale& scale,
                          TimePoint now) {
  std::string out =
      "code,name,cell,share,reach_share,time_to_arrival_min,earliest_min,latest_min,time_to_leaving_min,arrival_time,leaving_time,maximum,speed_m_s\n";
  const auto minutes = [](Seconds s) { return s.count() / 60; };
  for (const CellArrival& a : arrivals) {
    const StormTrack& t = tracks[a.track - 1];
    out += fmt::format("{},{},{},{:.2f},{:.2f},{},{},{},{},{},{},{:.1f},{:.1f}\n", csv_text(regions.regions[a.region].code),
                       csv_text(regions.regions[a.region].name), a.track, a.share, a.reach_share, minutes(a.time_to_arrival), minutes(a.earliest),
                       minutes(a.latest), minutes(a.time_to_leaving), to_iso(now + a.time_to_arrival), to_iso(now + a.time_to_leaving), t.cell.maximum,
                       1e3 * scale.length_km(t.cell.centroid.row, t.v, t.u));
  }
  return out;
}

MapOptions map_options(const CellsArguments& a) {
  MapOptions o;
  o.width = a.width;
  if (a.bbox.empty()) return o;
  if (a.bbox.size() != 4 || !(a.bbox[0] < a.bbox[2])) throw Error("--bbox", "is no area", "west,south,east,north in degrees");
  o.west = a.bbox[0], o.south = a.bbox[1], o.east = a.bbox[2], o.north = a.bbox[3];
  return o;
}

int run(const CellsArguments& a) {
  const MapOptions picture = map_options(a);
  RegionSet regions;
  if (!a.regions.path.empty()) regions = read_regions(a.regions);
  for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);
  const Frames frames = read_frames(a.inputs);
  IdentifyOptions identify;
  // Rain rates of 35, 40, 45 and 50 dBZ by Z = 200 R^1.6, rounded.
  if (!frames.reflectivity) identify.thresholds = {6, 12, 24, 48};
  if (!a.thresholds.empty()) identify.thresholds.assign(a.thresholds.begin(), a.thresholds.end());
  identify.least_area_km2 = kKeptShare * a.least_area_km2, identify.least_core_km2 = a.least_core_km2;
  CellForecastOptions options;
  options.horizon = Seconds{60 * a.horizon_min};
  options.least_area_km2 = std::max(1.0, identify.least_area_km2);

  const Analysis analysis = follow(frames, identify, options);
  const auto& [now, newest] = *frames.at.rbegin();
  const CellScene scene{&newest, analysis.tracker.tracks(), analysis.forecasts};
  write_file_atomically(a.out, cell_geojson(scene, {"storm cells with tracks and swaths", kVersion, "", hashed(a.inputs), now}));
  if (!a.table.empty()) {
    const GridScale scale(newest.grid());
    const auto arrivals = cell_arrivals(scene.tracks, scale, compute_zonal_weights(newest.grid(), regions), options);
    write_file_atomically(a.table, arrival_table(regions, arrivals, scene.tracks, scale, now));
  }
  if (!a.png.empty()) {
    MapText text = field_text(newest);
    text.subtitle = (a.title.empty() ? "" : text.title + " · ") + text.subtitle +
                    fmt::format(" · 单体 {} cells · 未来 {} min 影响区 swaths", analysis.forecasts.size(), a.horizon_min);
    text.title = a.title.empty() ? "风暴单体 Storm cells · " + text.title : a.title;
    draw_cell_map(a.png, scene, a.regions.path.empty() ? nullptr : &regions, text, picture);
  }
  fmt::print("{} cells of {} tracks at {}\n", analysis.forecasts.size(), scene.tracks.size(), to_iso(now));
  return frames.problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_cells(Verb& guyu) {
  Verb verb = guyu.verb("cells", "storm cells: where they are, where they go and when they reach which township");
  auto a = std::make_shared<CellsArguments>();
  verb.option("--input", a->inputs, "frames of composite reflectivity or rain, of any known format").required();
  verb.option("--thresholds", a->thresholds, "ascending, dBZ or mm/h; 35,40,45,50 or 6,12,24,48 when absent").parted_by(',');
  verb.option("--min-area", a->least_area_km2, "km2 of a cell at the first threshold").shows_default().at_least_zero();
  verb.option("--min-core", a->least_core_km2, "km2 of a core that parts a storm").shows_default().at_least_zero();
  verb.option("--horizon", a->horizon_min, "minutes ahead").shows_default().between(5, 180);
  Option regions = verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON");
  Option code = verb.option("--code", a->regions.code_column, "column with the regions' codes");
  regions.needs(code);
  code.needs(regions);
  verb.option("--name", a->regions.name_column, "column with the regions' names").needs(regions);
  verb.option("--parent", a->regions.parent_column, "column with what the regions belong to; its borders are drawn heavier").needs(regions);
  verb.option("--layer", a->regions.layer, "layer of the regions' file").needs(regions);
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say").needs(regions);
  verb.option("--out", a->out, "GeoJSON: cells, swaths and paths").required();
  verb.option("--table", a->table, "CSV: which cell reaches which region when").needs(regions);
  verb.option("--png", a->png, "a map of the newest frame with the cells");
  verb.option("--bbox", a->bbox, "of the map: west,south,east,north in degrees; cells and swaths when absent").parted_by(',').words(1, 4);
  verb.option("--width", a->width, "pixels of the map, 400 to 16000");
  verb.option("--title", a->title, "of the map");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
