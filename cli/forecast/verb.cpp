#include "cli/verb.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/app.h"
#include "cli/forecast/calibrating_sink.h"
#include "cli/forecast/series_files.h"
#include "cli/verify/inputs.h"
#include "engine/core/error.h"
#include "guyu_version.h"
#include "ingest/forecast_calibration_reader.h"

namespace guyu::cli {
namespace {

struct ForecastArguments {
  std::vector<std::string> files, variables, elevation;
  RegionSource regions;
  DownscaleSettings downscale;
  std::string as_of, calibration, csv, geojson, out;
  int hours = 240;
};

// What a forecast of the weather is made of; what a forecast does not hold is left out without a word, for nobody asked for it.
const std::vector<std::string> kUsual{"precipitation_amount@surface",
                                      "air_temperature@2 m",
                                      "dew_point_temperature@2 m",
                                      "relative_humidity@2 m",
                                      "wind_speed@10 m",
                                      "wind_from_direction@10 m",
                                      "wind_speed_of_gust@10 m",
                                      "wind_speed_of_gust@surface",
                                      "surface_air_pressure@surface",
                                      "air_pressure_at_mean_sea_level@mean sea level",
                                      "cloud_area_fraction@surface",
                                      "wet_bulb_temperature@2 m",
                                      "apparent_air_temperature@2 m",
                                      "freezing_level_altitude",
                                      "integral_wrt_time_of_surface_downwelling_shortwave_flux_in_air@surface",
                                      "atmosphere_convective_available_potential_energy@surface"};

std::vector<std::string> files_of(const std::vector<std::string>& words) {
  std::vector<std::string> files;
  for (const std::string& word : words) {
    const auto named = verify::named_files(word);
    files.insert(files.end(), named.begin(), named.end());
  }
  return files;
}

int run(ForecastArguments a) {
  for (const std::string& tiles : a.elevation)
    for (const std::string& f : verify::named_files(tiles)) a.downscale.elevation.push_back(f);
  if (a.downscale.elevation.empty() && (!a.downscale.importance.empty() || a.downscale.lowest_part < 1 || !a.downscale.rain_climatology.empty()))
    throw Error("forecast", "values by people, elevation or climatology need a fine grid", "give --elevation FILES");
  const RegionSet regions = read_regions(a.regions);
  if (!regions.problems.empty())
    fmt::print(stderr, "guyu: {}: {}{}\n", a.regions.path, regions.problems.front(),
               regions.problems.size() > 1 ? fmt::format(" (and {} more like it)", regions.problems.size() - 1) : "");
  FieldStore store(files_of(a.files));
  std::vector<std::string> problems = store.problems();

  ForecastRequest request;
  const bool usual = a.variables.empty();
  for (const std::string& v : usual ? kUsual : a.variables) request.variables.push_back(parse_variable(v));
  TimePoint newest{};
  for (const ForecastEntry& e : store.entries()) newest = std::max(newest, e.meta.reference);
  request.as_of = a.as_of.empty() ? TimePoint::max() : parse_time(a.as_of);
  if (!a.as_of.empty()) newest = std::min(newest, request.as_of);
  request.valid = {newest - Seconds(1), newest + Seconds(3600) * a.hours};
  if (a.as_of.empty()) request.as_of = newest;
  std::vector<ForecastEntry> entries = store.entries();
  if (a.as_of.empty())
    for (ForecastEntry& e : entries) e.arrival = {};  // nothing was asked about what had arrived when
  ForecastSelection selection = select_forecast(entries, request);
  if (usual) std::erase_if(selection.notes, [](const std::string& n) { return n.find(" is not there") != std::string::npos; });
  if (selection.steps.empty())
    throw Error(a.files.front(), "gives none of the wanted variables" + (selection.notes.empty() ? std::string() : ": " + selection.notes.front()),
                "guyu inspect shows what it holds");

  SeriesLayout layout = series_layout(request, selection, store.entries());
  TownshipDownscaler downscale(regions, a.downscale);
  std::optional<ForecastCalibration> calibration;
  std::optional<CalibratingSink> calibrate;
  if (!a.calibration.empty()) calibrate.emplace(calibration.emplace(read_forecast_calibration(a.calibration)), request, layout, regions);
  const Provenance provenance{"township forecast", kVersion, "", a.files, newest};
  NetcdfSeries netcdf(a.out, regions, layout.series, provenance);
  std::vector<SeriesSink*> sinks{&netcdf};
  std::optional<CsvSeries> csv;
  std::optional<GeojsonSeries> geojson;
  if (!a.csv.empty()) sinks.push_back(&csv.emplace(a.csv, regions, layout.series));
  if (!a.geojson.empty()) sinks.push_back(&geojson.emplace(a.geojson, regions, layout.series));
  if (calibrate) calibrate->hand_to(sinks);
  fill_series(store, request, selection, layout, downscale, regions.regions.size(), calibrate ? std::vector<SeriesSink*>{&*calibrate} : sinks, problems);
  if (calibrate) calibrate->finish();
  netcdf.close();
  if (csv) csv->close();
  if (geojson) geojson->close(newest);

  fmt::print("forecast of {}: {} townships\n", to_iso(newest), regions.regions.size());
  for (const RegionSeries& s : layout.series)
    fmt::print("  {:<46} {:>3} steps to {}{}\n", s.name, s.times.size(), to_iso(s.times.back().end),
               s.members.size() > 1 ? fmt::format(", {} members", s.members.size()) : "");
  for (const std::string& n : selection.notes) fmt::print("  note: {}\n", n);
  for (const std::string& n : downscale.notes()) fmt::print("  note: {}\n", n);
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_forecast(Verb& guyu) {
  Verb verb = guyu.verb("forecast", "bring whole forecasts to townships: series of weather, downscaled to their terrain");
  auto a = std::make_shared<ForecastArguments>();
  verb.option("files", a->files, "GRIB or NetCDF files of one model, folders, or quoted patterns with *; runs, steps and members are told from their content")
      .required();
  verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON").required();
  verb.option("--code", a->regions.code_column, "column with the regions' codes").required();
  verb.option("--name", a->regions.name_column, "column with the regions' names");
  verb.option("--layer", a->regions.layer, "layer of the regions' file");
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say");
  verb.option("--variables", a->variables, "quantity@level, parted by commas, e.g. \"air_temperature@2 m,precipitation_amount@surface\"; derived ones too")
      .parted_by(',');
  verb.option("--as-of", a->as_of, "only what had arrived by this time: FILE.arrival, else the file's time of change");
  verb.option("--hours", a->hours, "how far ahead").shows_default().between(1, 24 * 400);
  verb.option("--elevation", a->elevation, "elevation tiles (GeoTIFF, HGT, ...): temperature, pressure and wind are brought to the ground's own height");
  verb.option("--spacing", a->downscale.spacing, "cells of the fine grid, degrees").shows_default().between(0.0005, 1.0);
  verb.option("--importance", a->downscale.importance, "people or crop area a cell: values are those where they are");
  verb.option("--lowest-part", a->downscale.lowest_part, "share of a township's area, the lowest, that its values stand for")
      .shows_default()
      .between(0.01, 1.0);
  verb.option("--rain-climatology", a->downscale.rain_climatology, "mean precipitation on a fine grid; its pattern is given to the rain");
  verb.option("--cache", a->downscale.cache, "folder that keeps weights between calls");
  verb.option("--calibration", a->calibration, "corrections that guyu train has learnt");
  verb.option("--csv", a->csv, "also write the series as CSV");
  verb.option("--geojson", a->geojson, "also write outlines with series as GeoJSON");
  verb.option("--out", a->out, "NetCDF file to write").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
