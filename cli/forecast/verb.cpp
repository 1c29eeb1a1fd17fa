#include "cli/verb.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/app.h"
#include "cli/forecast/calibrating_sink.h"
#include "cli/forecast/earlier_runs.h"
#include "cli/forecast/joining_sink.h"
#include "cli/forecast/meteograms.h"
#include "cli/forecast/reach.h"
#include "cli/forecast/series_files.h"
#include "cli/forecast/statistics.h"
#include "cli/forecast/terrain.h"
#include "cli/forecast/wanted.h"
#include "cli/rain_frames.h"
#include "engine/core/error.h"
#include "engine/regrid/cell_size.h"
#include "guyu_version.h"
#include "ingest/forecast_calibration_reader.h"

namespace guyu::cli {
namespace {

struct ForecastArguments {
  WantedForecast wanted;
  std::vector<std::string> elevation;
  RegionSource regions;
  WantedStatistics statistics;
  DownscaleSettings downscale;
  std::vector<std::string> also, also_calibrations;
  std::string lapse = "neighbourhood", orographic, calibration, csv, geojson, meteogram_folder, out;
  std::vector<std::string> meteograms;  // codes
  MeteogramOptions meteogram;
};

// Another model's forecast, as it is calibrated, in memory.
OtherModel other_model(const ForecastArguments& a, std::size_t k, const RegionSet& regions, TownshipDownscaler& downscale, std::vector<std::string>& problems) {
  WantedForecast wanted = a.wanted;
  wanted.files = {a.also[k]};
  auto [store, request, selection, newest] = choose_forecast(wanted);
  problems.insert(problems.end(), store.problems().begin(), store.problems().end());
  OtherModel model;
  model.request = std::move(request);
  model.reference = newest;
  model.layout = series_layout(model.request, selection, store.entries());
  std::optional<CalibratingSink> calibrate;
  if (k < a.also_calibrations.size() && a.also_calibrations[k] != "-")
    calibrate.emplace(model.calibration.emplace(read_forecast_calibration(a.also_calibrations[k])), model.request, model.layout, regions);
  model.columns = std::make_unique<SeriesMemory>(model.layout);
  if (calibrate) calibrate->hand_to({model.columns.get()});
  SeriesSink* first = calibrate ? static_cast<SeriesSink*>(&*calibrate) : model.columns.get();
  if (calibrate)
    add_earlier_runs(store, model.request, model.layout, newest, wanted.as_of.empty() ? TimePoint::max() : model.request.as_of, downscale,
                     regions.regions.size(), *calibrate, problems);
  fill_series(store, model.request, selection, model.layout, downscale, regions.regions.size(), {first}, problems);
  if (calibrate) {
    calibrate->finish();
    for (const std::string& n : calibrate->notes()) model.notes.push_back(a.also[k] + ": " + n);
  }
  return model;
}

int run(ForecastArguments a) {
  a.downscale.elevation = files_named(a.elevation);
  a.downscale.lapse = parse_lapse_choice(a.lapse);
  if (a.downscale.elevation.empty() && (!a.downscale.importance.empty() || a.downscale.lowest_part < 1 || !a.downscale.rain_climatology.empty() ||
                                        !a.downscale.roughness.empty() || !a.orographic.empty()))
    throw Error("forecast", "values by people, elevation or climatology need a fine grid", "give --elevation FILES");
  if (!a.orographic.empty() && !a.downscale.rain_climatology.empty())
    throw Error("forecast", "--orographic and --rain-climatology both give the ground's pattern to the rain", "give one of them");
  if (a.downscale.disaggregate && a.downscale.elevation.empty())
    throw Error("forecast", "--disaggregate gives rain structures on a fine grid", "give --elevation FILES");
  if (a.downscale.disaggregate && (!a.orographic.empty() || !a.downscale.rain_climatology.empty()))
    throw Error("forecast", "--disaggregate keeps the amount of each of the forecast's cells, --rain-climatology and --orographic move it", "give one of them");
  const RegionSet regions = read_regions(a.regions);
  if (!regions.problems.empty())
    fmt::print(stderr, "guyu: {}: {}{}\n", a.regions.path, regions.problems.front(),
               regions.problems.size() > 1 ? fmt::format(" (and {} more like it)", regions.problems.size() - 1) : "");
  auto [store, request, selection, newest] = choose_forecast(a.wanted);
  std::vector<std::string> problems = store.problems();
  SeriesLayout layout = series_layout(request, selection, store.entries());
  std::vector<std::string> notes;
  const auto statistics = statistics_of(a.statistics, request.variables, notes);
  a.downscale.statistics = std::any_of(statistics.begin(), statistics.end(), [](const auto& s) { return !s.empty(); });
  TownshipDownscaler downscale(regions, a.downscale);
  std::optional<OrographicRain> orographic;
  if (!a.orographic.empty()) {
    const Grid fine = grid_over(regions, a.downscale.spacing);
    orographic.emplace(store, request, !a.wanted.as_of.empty(), fine, cell_size_km(fine) * 1000, a.downscale.elevation, a.orographic, problems);
  }
  std::optional<ForecastCalibration> calibration;
  std::optional<CalibratingSink> calibrate;
  const SeriesLayout as_forecast = layout;
  if (!a.calibration.empty()) calibrate.emplace(calibration.emplace(read_forecast_calibration(a.calibration)), request, layout, regions);
  if (a.downscale.statistics) add_statistics(layout, as_forecast, statistics);
  if (a.downscale.statistics && (calibrate || !a.also.empty()))
    notes.push_back("only means are calibrated and joined with other models: other statistics are those of the first model's forecast as it is");
  const Provenance provenance{"township forecast", kVersion, "", hashed(files_named(a.wanted.files)), newest};
  NetcdfSeries netcdf(a.out, regions, layout.series, provenance);
  Reach reach(regions, layout.series);
  std::vector<SeriesSink*> sinks{&netcdf, &reach};
  std::optional<CsvSeries> csv;
  std::optional<GeojsonSeries> geojson;
  std::optional<MeteogramSink> meteograms;
  if (!a.csv.empty()) sinks.push_back(&csv.emplace(a.csv, regions, layout.series));
  if (!a.geojson.empty()) sinks.push_back(&geojson.emplace(a.geojson, regions, layout.series));
  if (!a.meteograms.empty()) sinks.push_back(&meteograms.emplace(a.meteograms, regions, layout.series));
  std::vector<OtherModel> others;
  for (std::size_t k = 0; k < a.also.size(); ++k) {
    try {
      others.push_back(other_model(a, k, regions, downscale, problems));
    } catch (const Error& e) {  // one model that did not come is no reason to have none
      problems.push_back(std::string("--also: ") + e.what());
    }
  }
  std::optional<JoiningSink> join;
  if (!others.empty()) join.emplace(request, layout, calibration ? &*calibration : nullptr, newest, regions.regions.size());
  const std::vector<SeriesSink*> outputs = sinks;
  if (join) sinks = {&*join};
  if (calibrate) {
    calibrate->hand_to(sinks);
    add_earlier_runs(store, request, layout, newest, a.wanted.as_of.empty() ? TimePoint::max() : request.as_of, downscale, regions.regions.size(), *calibrate,
                     problems);
  }
  fill_series(store, request, selection, layout, downscale, regions.regions.size(), calibrate ? std::vector<SeriesSink*>{&*calibrate} : sinks, problems,
              orographic ? &*orographic : nullptr, outputs);
  if (calibrate) calibrate->finish();
  std::vector<std::size_t> told;
  if (join) told = join->finish(others, outputs);
  netcdf.close();
  if (csv) csv->close();
  if (geojson) geojson->close(newest);
  if (meteograms) meteograms->draw(a.meteogram_folder, newest, calibrate ? "已订正 calibrated" : "", a.meteogram);

  fmt::print("forecast of {}: {} townships\n", to_iso(newest), regions.regions.size());
  for (const RegionSeries& s : layout.series)
    fmt::print("  {:<46} {:>3} steps to {}{}\n", s.name, s.times.size(), to_iso(s.times.back().end),
               s.members.size() > 1 ? fmt::format(", {} members", s.members.size()) : "");
  for (std::size_t s = 0; s < told.size(); ++s)
    fmt::print("  {} of {} steps of {} joined with {} other model{}\n", told[s], layout.series[s].times.size(), layout.series[s].name, others.size(),
               others.size() > 1 ? "s" : "");
  for (const std::string& n : notes) fmt::print("  note: {}\n", n);
  if (calibrate)
    for (const std::string& n : calibrate->notes()) fmt::print("  note: {}\n", n);
  for (const OtherModel& o : others)
    for (const std::string& n : o.notes) fmt::print("  note: {}\n", n);
  for (const std::string& n : selection.notes) fmt::print("  note: {}\n", n);
  for (const std::string& n : downscale.notes()) fmt::print("  note: {}\n", n);
  for (const std::string& n : reach.notes()) fmt::print("  note: {}\n", n);
  if (orographic)
    for (const std::string& n : orographic->notes()) fmt::print("  note: {}\n", n);
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_forecast(Verb& guyu) {
  Verb verb = guyu.verb("forecast", "bring whole forecasts to townships: series of weather, downscaled to their terrain");
  auto a = std::make_shared<ForecastArguments>();
  a->wanted.add_options(verb);
  a->statistics.add_options(verb);
  verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON").required();
  verb.option("--code", a->regions.code_column, "column with the regions' codes").required();
  verb.option("--name", a->regions.name_column, "column with the regions' names");
  verb.option("--layer", a->regions.layer, "layer of the regions' file");
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say");
  verb.option("--elevation", a->elevation, "elevation tiles (GeoTIFF, HGT, ...): temperature, pressure and wind are brought to the ground's own height");
  verb.option("--spacing", a->downscale.spacing, "cells of the fine grid, degrees").shows_default().between(0.0005, 1.0);
  verb.option("--importance", a->downscale.importance, "people or crop area a cell: values are those where they are");
  verb.option("--lowest-part", a->downscale.lowest_part, "share of a township's area, the lowest, that its values stand for")
      .shows_default()
      .between(0.01, 1.0);
  verb.option("--lapse-rate", a->lapse,
              "of temperature: neighbourhood (the model's own around the place), levels (the model's own above it) or K per km, e.g. -6.5")
      .shows_default();
  verb.option("--roughness", a->downscale.roughness, "roughness length (m) on a fine grid, for the wind");
  verb.option("--rain-climatology", a->downscale.rain_climatology, "mean precipitation on a fine grid; its pattern is given to the rain");
  verb.option("--orographic", a->orographic,
              "pressure level, e.g. \"850 hPa\", with whose wind, temperature and humidity the ground's own rain is added to the first model's rain");
  verb.flag("--disaggregate", a->downscale.disaggregate,
            "rain gets structures below the forecast's cells, whose amounts are kept: a fine field for each step and member, so it takes longer");
  verb.option("--seed", a->downscale.seed, "of these structures; members have their own");
  verb.flag("--sea-too", a->downscale.sea_too, "townships take the values of sea cells too, although the forecast tells land from sea");
  verb.option("--cache", a->downscale.cache, "folder that keeps weights between calls");
  verb.option("--calibration", a->calibration, "corrections that guyu train has learnt; those by reliability add series of probabilities");
  verb.option("--also", a->also,
              "another model's forecast: a file, a folder or a quoted pattern; may be given again. Models count by their errors at each lead");
  verb.option("--also-calibration", a->also_calibrations, "of each --also in turn; - for none");
  verb.option("--csv", a->csv, "also write the series as CSV");
  verb.option("--geojson", a->geojson, "also write outlines with series as GeoJSON");
  Option codes = verb.option("--meteogram", a->meteograms, "codes of townships, parted by commas, whose weather is drawn").parted_by(',');
  Option folder = verb.option("--meteogram-folder", a->meteogram_folder, "where their pictures go, CODE.png each").needs(codes);
  codes.needs(folder);
  verb.option("--meteogram-width", a->meteogram.width, "pixels").shows_default().between(800, 8000).needs(codes);
  verb.option("--utc-offset", a->meteogram.utc_offset_minutes, "minutes that local time is ahead of UTC, for the pictures").shows_default().between(-840, 840);
  verb.option("--out", a->out, "NetCDF file to write").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
