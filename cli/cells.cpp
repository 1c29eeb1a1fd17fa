#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "cli/app.h"
#include "cli/cell_analysis.h"
#include "cli/csv.h"
#include "cli/rain_frames.h"
#include "cli/verb.h"
#include "engine/cells/arrival.h"
#include "engine/cells/track_comparison.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/cycle/observed_rain.h"
#include "engine/regrid/crs_transform.h"
#include "guyu_version.h"
#include "ingest/pup_storm_reader.h"
#include "ingest/reader.h"
#include "products/cell_map.h"

namespace guyu::cli {
namespace {

struct CellsArguments {
  std::vector<std::string> inputs, against;
  std::vector<double> bbox;
  CellSettings cells;
  RegionSource regions;
  std::string out, table, scores, png, title;
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
    else if (composite) raise_composite(there->second, f);  // several levels of one time
    else
      throw Error(f.meta.source, fmt::format("holds rain for {}, which {} holds already", to_iso(time), there->second.meta.source),
                  "give one rain field for each time; see guyu inspect");
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

using References = std::map<TimePoint, std::vector<ReferenceCell>>;

// The radar's own cells on the frames' grid. Its kilometres count along the plane that touches the earth at the radar.
References read_references(const std::vector<std::string>& files, const Grid& grid, std::vector<std::string>& problems) {
  References out;
  for (const std::string& file : files) {
    const RadarStorms storms = read_radar_storms(file);
    problems.insert(problems.end(), storms.problems.begin(), storms.problems.end());
    const CrsTransform to_grid(fmt::format("+proj=aeqd +lat_0={} +lon_0={} +datum=WGS84 +units=m", storms.latitude, storms.longitude), grid.crs());
    const auto place = [&](double east_km, double north_km) {
      double x = 1e3 * east_km, y = 1e3 * north_km;
      to_grid.forward(&x, &y, 1, sizeof(double));
      return CellPlace{grid.row_of(y), grid.column_of(x)};
    };
    for (const RadarStorms::Cell& c : storms.cells) {
      constexpr double kWay_s = 600;  // that a motion is taken over
      ReferenceCell cell{c.id, place(c.east_km, c.north_km), c.moves, 0, 0, c.mean_error_km};
      const CellPlace there = place(c.east_km + 1e-3 * kWay_s * c.east_m_s, c.north_km + 1e-3 * kWay_s * c.north_m_s);
      cell.v = (there.row - cell.place.row) / kWay_s, cell.u = (there.column - cell.place.column) / kWay_s;
      out[storms.time].push_back(std::move(cell));
    }
    out[storms.time];  // a volume without storms
  }
  return out;
}

std::string arrival_table(const RegionSet& regions, const std::vector<CellArrival>& arrivals, std::span<const StormTrack> tracks, const GridScale& scale,
                          TimePoint now) {
  std::string out =
      "code,name,cell,share,reach_share,time_to_arrival_min,earliest_min,latest_min,time_to_leaving_min,arrival_time,leaving_time,maximum,speed_m_s\n";
  const auto minutes = [](Seconds s) { return s.count() / 60; };
  for (const CellArrival& a : arrivals) {
    const StormTrack& t = tracks[a.track - 1];
    out += fmt::format("{},{},{},{:.2f},{:.2f},{},{},{},{},{},{},{:.1f},{}\n", csv_text(regions.regions[a.region].code),
                       csv_text(regions.regions[a.region].name), a.track, a.share, a.reach_share, minutes(a.time_to_arrival), minutes(a.earliest),
                       minutes(a.latest), minutes(a.time_to_leaving), to_iso(now + a.time_to_arrival), to_iso(now + a.time_to_leaving), t.cell.maximum,
                       t.moves ? fmt::format("{:.1f}", 1e3 * scale.length_km(t.cell.centroid.row, t.v, t.u)) : "");
  }
  return out;
}

std::string score_table(const std::vector<TrackComparison::Row>& rows) {
  std::string out =
      "cell,volumes,found,by_one_track,distance_km,motions,motion_error_m_s,late_motions,late_motion_error_m_s,sound_motions,sound_motion_error_m_s,nearest_km_"
      "where_not_found,"
      "highest_where_not_found\n";
  const auto number = [](double v) { return std::isnan(v) ? std::string() : fmt::format("{:.1f}", v); };
  for (const auto& r : rows) {
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_text(r.id), r.frames, r.found, r.by_one_track, number(r.distance_km), r.motion.count,
                       number(r.motion.mean_m_s), r.late_motion.count, number(r.late_motion.mean_m_s), r.sound_motion.count, number(r.sound_motion.mean_m_s),
                       number(r.nearest_km), number(double{r.highest}));
  }
  return out;
}

void print_score(const TrackComparison& c) {
  const TrackScore s = score_of(c.rows());
  fmt::print(
      "of {} cells of the radar's own tracking that last three volumes {} are found within 10 km in most of them: {} of {} places, {:.1f} km away; {} places "
      "lie outside the frames\n",
      s.cells, s.found_cells, s.found_places, s.places, s.distance_km, c.outside());
  fmt::print(
      "their motion differs by {:.2f} m/s ({} times), by {:.2f} m/s from their third volume on ({}), by {:.2f} m/s where the radar's own forecasts miss by "
      "less "
      "than 5 km ({})\n",
      s.motion.mean_m_s, s.motion.count, s.late_motion.mean_m_s, s.late_motion.count, s.sound_motion.mean_m_s, s.sound_motion.count);
  for (int frames = 1; frames <= 3; ++frames) {
    const auto a = c.ahead(frames);
    if (a.cells == 0) continue;
    fmt::print(
        "its cells {:.0f} min later ({}) stand {:.1f} km from where these tracks expect them, {:.1f} km from where their own motion does, {:.1f} km from "
        "where they were\n",
        a.minutes, a.cells, a.by_track_km, a.by_reference_km, a.standing_km);
  }
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
  const CellForecastOptions options = a.cells.forecast();

  std::vector<std::string> problems = frames.problems;
  const References references = read_references(a.against, frames.at.begin()->second.grid(), problems);
  for (std::size_t k = frames.problems.size(); k < problems.size(); ++k) fmt::print(stderr, "guyu: {}\n", problems[k]);
  TrackComparison comparison{GridScale(frames.at.begin()->second.grid())};
  const CellAnalysis analysis =
      follow_cells(frames.at, frames.reflectivity, a.cells, [&](TimePoint time, const Field& frame, std::span<const StormTrack> tracks) {
        if (const auto there = references.find(time); there != references.end()) comparison.add(time, tracks, there->second, frame.view());
      });
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
                    fmt::format(" · 单体 {} cells · 未来 {} min 影响区 swaths", analysis.forecasts.size(), a.cells.horizon_min);
    text.title = a.title.empty() ? "风暴单体 Storm cells · " + text.title : a.title;
    draw_cell_map(a.png, scene, a.regions.path.empty() ? nullptr : &regions, text, picture);
  }
  fmt::print("{} cells of {} tracks at {}\n", analysis.forecasts.size(), scene.tracks.size(), to_iso(now));
  if (!a.against.empty()) print_score(comparison);
  if (!a.scores.empty()) write_file_atomically(a.scores, score_table(comparison.rows()));
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_cells(Verb& guyu) {
  Verb verb = guyu.verb("cells", "storm cells: where they are, where they go and when they reach which township");
  auto a = std::make_shared<CellsArguments>();
  verb.option("--input", a->inputs, "frames of composite reflectivity or rain, of any known format").required();
  verb.option("--thresholds", a->cells.thresholds, "ascending, dBZ or mm/h; 35,40,45,50 or 6,12,24,48 when absent").parted_by(',');
  verb.option("--min-area", a->cells.least_area_km2, "km2 of a cell at the first threshold").shows_default().at_least_zero();
  verb.option("--min-core", a->cells.least_core_km2, "km2 of a core that parts a storm").shows_default().at_least_zero();
  verb.option("--horizon", a->cells.horizon_min, "minutes ahead").shows_default().between(5, 180);
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
  Option against = verb.option("--against", a->against, "storm tables of the radar's own tracking (STI of a PUP) at the frames' times, to compare with");
  verb.option("--scores", a->scores, "CSV: how each of their cells was found").needs(against);
  verb.option("--png", a->png, "a map of the newest frame with the cells");
  verb.option("--bbox", a->bbox, "of the map: west,south,east,north in degrees; cells and swaths when absent").parted_by(',').words(1, 4);
  verb.option("--width", a->width, "pixels of the map, 400 to 16000");
  verb.option("--title", a->title, "of the map");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
