#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "cli/app.h"
#include "cli/convection_analysis.h"
#include "cli/csv.h"
#include "cli/field_file.h"
#include "cli/rain_frames.h"
#include "cli/target_grid.h"
#include "cli/verb.h"
#include "engine/convection/flash_density.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/glm_reader.h"

namespace guyu::cli {
namespace {

struct ConvectionArguments {
  std::vector<std::string> inputs, forecast, lightning;
  std::vector<double> windows{5, 10, 15};
  std::string out, table;
  ConvectionSettings settings;
  TargetGrid target;
  RegionSource regions;
};

RadarVolume read_volume(const std::vector<std::string>& files) {
  RadarVolume v;
  for (const std::string& file : files) add_radar_file(v, file);
  if (v.composites.empty()) throw Error(files.front(), "holds no reflectivity, nor do the others", "give levels of reflectivity, or a composite");
  return v;
}

FlashRecord read_flashes(const std::vector<std::string>& files) {
  FlashRecord all;
  for (const std::string& file : files) all.merge(read_glm_flashes(file));
  for (const std::string& n : all.notes) fmt::print(stderr, "guyu: {}\n", n);
  return all;
}

void add_flash_fields(FieldSet& out, const FlashRecord& flashes, const Grid& grid, TimePoint now, const std::vector<double>& windows) {
  for (const double minutes : windows) {
    FieldMeta m;
    m.quantity = *find_quantity("lightning_flash_density");
    m.kind = TimeKind::mean;
    m.valid = {now - Seconds{std::llround(60 * minutes)}, now};
    m.reference = now;
    m.level = fmt::format("{:g} min", minutes);
    Field f(grid, std::move(m));
    flash_density(flashes, f.meta.valid, grid, f.view());
    out.insert(std::make_shared<const Field>(std::move(f)));
  }
}

std::string region_csv(const RegionSet& regions, const std::vector<RegionColumn>& columns, const std::vector<float>& coverage) {
  std::string out = "code,name,coverage";
  for (const RegionColumn& c : columns) out += "," + c.name;
  out += "\n";
  for (std::size_t r = 0; r < regions.regions.size(); ++r) {
    out += fmt::format("{},{},{}", csv_text(regions.regions[r].code), csv_text(regions.regions[r].name), csv_number(coverage[r]));
    for (const RegionColumn& c : columns) out += "," + csv_number(c.values[r]);
    out += "\n";
  }
  return out;
}

RegionColumn density_column(const FlashRecord& flashes, double minutes, TimePoint now, const RegionSet& regions, const ZonalWeights& weights) {
  const Interval window{now - Seconds{std::llround(60 * minutes)}, now};
  RegionColumn c{fmt::format("flash_density_{:g}min", minutes),
                 "observed lightning flashes",
                 *find_quantity("lightning_flash_density"),
                 "mean",
                 TimeKind::mean,
                 window,
                 region_flash_density(flashes, window, regions, weights),
                 {}};
  for (const float v : c.values) c.coverage.push_back(std::isnan(v) ? 0.0F : 1.0F);
  return c;
}

int run(const ConvectionArguments& a) {
  if (a.inputs.empty() && a.lightning.empty()) throw Error("convection", "has nothing to work on", "give --input, --lightning or both");
  for (const double w : a.windows) {
    if (!(w > 0 && w <= 180)) throw Error("--windows", fmt::format("{} minutes are no window", w), "give minutes, 0 to 180");
  }
  if (a.windows.empty()) throw Error("--windows", "is empty", "give minutes, as 5,10,15");
  std::vector<std::string> problems;
  std::vector<std::string> files = a.inputs;
  files.insert(files.end(), a.forecast.begin(), a.forecast.end());
  files.insert(files.end(), a.lightning.begin(), a.lightning.end());
  const FlashRecord flashes = read_flashes(a.lightning);
  RegionSet regions;
  if (!a.regions.path.empty()) regions = read_regions(a.regions);
  for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);

  std::optional<ConvectionAnalysis> analysis;
  std::optional<RadarVolume> volume;
  Grid grid;
  TimePoint now{};
  if (!a.inputs.empty()) {
    volume = read_volume(a.inputs);
    problems.insert(problems.end(), volume->problems.begin(), volume->problems.end());
    grid = volume->newest().grid(), now = volume->now();
    analysis = analyse_convection(*volume, a.forecast, a.settings, problems);
  } else {
    grid = a.target.grid("convection");
    for (const Interval& w : flashes.watched) now = std::max(now, w.end);
  }
  FieldSet none;
  FieldSet& fields = analysis ? analysis->products.fields : none;
  if (!a.lightning.empty()) add_flash_fields(fields, flashes, grid, now, a.windows);
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  if (fields.empty() && !a.out.empty())
    throw Error(a.inputs.front(), "has one level of reflectivity alone, which makes no columns", "give levels at several heights, or liquid and echo tops too");
  if (!a.out.empty()) write_fields(a.out, grid, "severe convection: columns of radar volumes and lightning", hashed(files), fields);

  if (!a.table.empty()) {
    const ZonalWeights weights = compute_zonal_weights(grid, regions);
    std::vector<RegionColumn> columns;
    std::vector<float> coverage(regions.regions.size(), std::nanf(""));
    std::vector<RegionColumn> densities;
    if (!a.lightning.empty()) {
      for (const double minutes : a.windows) densities.push_back(density_column(flashes, minutes, now, regions, weights));
    }
    if (volume) {
      // The longest window decides whether lightning is there.
      const std::span<const float> flash = densities.empty() ? std::span<const float>() : std::span<const float>(densities.back().values);
      const RegionConvection found = convection_of_regions(*volume, *analysis, a.settings, weights, flash);
      coverage = found.coverage;
      columns = convection_columns(found, now);
      std::erase_if(columns, [](const RegionColumn& c) { return c.name == "flash_density"; });  // told by window
    }
    columns.insert(columns.begin(), densities.begin(), densities.end());
    write_file_atomically(a.table, region_csv(regions, columns, coverage));
  }
  fmt::print("{}: {} fields, {} levels, {} cells, {} flashes\n", to_iso(now), fields.size(), volume ? volume->levels.size() : 0,
             analysis ? analysis->cells.forecasts.size() : 0, flashes.flashes.size());
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_convection(Verb& guyu) {
  Verb verb = guyu.verb("convection", "severe convection: hail, gusts, lightning and echo columns, as fields and by region");
  auto a = std::make_shared<ConvectionArguments>();
  verb.option("--input", a->inputs, "levels of reflectivity at heights, or a composite with liquid and echo tops; several times make tracks");
  verb.option("--freezing", a->settings.freezing_m, "height of 0 degC, m above the levels' zero");
  verb.option("--minus20", a->settings.minus_20_m, "height of -20 degC, likewise");
  verb.option("--forecast", a->forecast, "files with temperature and geopotential height on pressure levels, for the heights that are not given");
  verb.option("--lightning", a->lightning, "GLM level 2 files (LCFA) that cover the windows");
  verb.option("--windows", a->windows, "minutes before the newest frame that flashes are counted in; 5,10,15 when absent").parted_by(',');
  verb.option("--hail", a->settings.hail, "size that the regions' columns have").one_of({"witt", "murillo_75", "murillo_95"}).shows_default();
  verb.option("--horizon", a->settings.cells.horizon_min, "minutes ahead").shows_default().between(5, 180);
  verb.option("--min-area", a->settings.cells.least_area_km2, "km2 of a cell at the first threshold").shows_default().at_least_zero();
  a->target.add_options(verb);
  Option regions = verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON");
  Option code = verb.option("--code", a->regions.code_column, "column with the regions' codes");
  regions.needs(code);
  code.needs(regions);
  verb.option("--name", a->regions.name_column, "column with the regions' names").needs(regions);
  verb.option("--layer", a->regions.layer, "layer of the regions' file").needs(regions);
  verb.option("--regions-crs", a->regions.crs, "CRS of the regions, when their file does not say").needs(regions);
  verb.option("--out", a->out, "CF NetCDF: the fields");
  verb.option("--table", a->table, "CSV: a line for each region").needs(regions);
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
