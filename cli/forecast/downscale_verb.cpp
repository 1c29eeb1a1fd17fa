#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "cli/app.h"
#include "cli/forecast/grid_steps.h"
#include "cli/forecast/township_series.h"
#include "cli/forecast/wanted.h"
#include "cli/rain_frames.h"
#include "cli/target_grid.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "engine/regrid/cell_size.h"
#include "guyu_version.h"
#include "products/grid_grib2.h"
#include "products/grid_netcdf.h"

namespace guyu::cli {
namespace {

struct DownscaleArguments {
  WantedForecast wanted;
  TargetGrid target;
  FineGround ground;
  std::string lapse = "neighbourhood", orographic, format = "netcdf", packing = "ccsds", out;
  int centre = 255;
};

// Where fine fields go.
class GridSink {
 public:
  virtual ~GridSink() = default;
  virtual void put(const ForecastStep& step, const Field& field) = 0;
  virtual void close() = 0;
};

class NetcdfGrids final : public GridSink {
 public:
  NetcdfGrids(const std::string& path, const Grid& grid, const SeriesLayout& layout, const Provenance& provenance)
      : layout_(layout), writer_(path, grid, provenance) {
    // One axis for all variables: those of a variable that lacks a member stay missing there.
    std::set<int> numbers;
    for (const RegionSeries& s : layout.series)
      if (!is_single(s))
        for (const auto& m : s.members) numbers.insert(number(m));
    members_.assign(numbers.begin(), numbers.end());
    for (const RegionSeries& s : layout.series) {
      GridVariable v{s.name, s.long_name, s.quantity, s.kind, s.times, s.level};
      if (!is_single(s)) v.members = static_cast<int>(members_.size()), v.member_numbers = members_;
      writer_.add(v);
    }
  }
  void put(const ForecastStep& s, const Field& field) override {
    const auto series = static_cast<std::size_t>(layout_.of_variable[s.variable]);
    const RegionSeries& r = layout_.series[series];
    const auto step = std::find(r.times.begin(), r.times.end(), s.valid) - r.times.begin();
    const auto member = is_single(r) ? 0 : std::find(members_.begin(), members_.end(), number(s.member)) - members_.begin();
    writer_.write(series, static_cast<std::size_t>(step), field.view(), static_cast<std::size_t>(member));
  }
  void close() override { writer_.close(); }

 private:
  static bool is_single(const RegionSeries& s) { return s.members.size() == 1 && !s.members.front(); }
  static int number(std::optional<int> member) { return member.value_or(-1); }  // -1: a forecast without a number among members
  const SeriesLayout& layout_;
  std::vector<int> members_;
  GridNetcdfWriter writer_;
};

class Grib2Grids final : public GridSink {
 public:
  Grib2Grids(const std::string& path, const Grib2Options& options) : writer_(path, options) {}
  void put(const ForecastStep&, const Field& field) override { writer_.write(field); }
  void close() override { writer_.close(); }

 private:
  GridGrib2Writer writer_;
};

void require_elevation(const DownscaleArguments& a, const SeriesLayout& layout) {
  if (!a.ground.elevation.empty()) return;
  for (const RegionSeries& s : layout.series)
    if (needs_elevation(terrain_rule(s.quantity, s.level)))
      throw Error("downscale", s.quantity.name + " on a fine grid follows the ground", "give --elevation FILES; guyu regrid interpolates without it");
}

int run(DownscaleArguments a) {
  a.ground.elevation = files_named(a.ground.elevation);
  a.ground.lapse = parse_lapse_choice(a.lapse);
  if (a.ground.disaggregate && !a.ground.rain_climatology.empty())
    throw Error("downscale", "--disaggregate keeps the amount of each of the forecast's cells, --rain-climatology moves it", "give one of them");
  if (!a.orographic.empty() && (a.ground.disaggregate || !a.ground.rain_climatology.empty()))
    throw Error("downscale", "--orographic moves rain to where the ground makes it fall, as --rain-climatology does and --disaggregate promises not to",
                "give one of them");
  if (!a.orographic.empty() && a.ground.elevation.empty()) throw Error("downscale", "--orographic needs the ground", "give --elevation FILES");
  const Grid target = a.target.grid("downscale");
  auto [store, request, selection, newest] = choose_forecast(a.wanted);
  std::vector<std::string> problems = store.problems();
  const SeriesLayout layout = series_layout(request, selection, store.entries());
  require_elevation(a, layout);
  GridDownscaler downscale(target, a.ground);
  std::optional<OrographicRain> orographic;
  if (!a.orographic.empty())
    orographic.emplace(store, request, !a.wanted.as_of.empty(), target, cell_size_km(target) * 1000, a.ground.elevation, a.orographic, problems);
  std::unique_ptr<GridSink> sink;
  if (a.format == "grib2") {
    std::size_t members = 0;
    for (const RegionSeries& s : layout.series) members = std::max(members, s.members.size());
    sink = std::make_unique<Grib2Grids>(a.out, Grib2Options{.packing = a.packing == "simple" ? Grib2Options::Packing::simple : Grib2Options::Packing::ccsds,
                                                            .centre = a.centre,
                                                            .members = static_cast<int>(members)});
  } else {
    const Provenance provenance{"forecast on a fine grid, brought to the ground's height", kVersion, "", hashed(files_named(a.wanted.files)), newest};
    sink = std::make_unique<NetcdfGrids>(a.out, target, layout, provenance);
  }
  std::size_t written = 0;
  each_fine_step(
      store, request, selection, downscale,
      [&](const ForecastStep& step, Field&& field) {
        sink->put(step, field);
        ++written;
      },
      problems, orographic ? &*orographic : nullptr);
  if (written == 0) throw problems.empty() ? Error(a.wanted.files.front(), "gives no step") : Error("", problems.front());
  sink->close();

  fmt::print("forecast of {} on {}: {} fields\n", to_iso(newest), target.describe(), written);
  for (const RegionSeries& s : layout.series)
    fmt::print("  {:<46} {:>3} steps to {}{}\n", s.name, s.times.size(), to_iso(s.times.back().end),
               s.members.size() > 1 ? fmt::format(", {} members", s.members.size()) : "");
  for (const std::string& n : selection.notes) fmt::print("  note: {}\n", n);
  for (const std::string& n : downscale.notes()) fmt::print("  note: {}\n", n);
  if (orographic)
    for (const std::string& n : orographic->notes()) fmt::print("  note: {}\n", n);
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_downscale(Verb& guyu) {
  Verb verb = guyu.verb("downscale", "bring whole forecasts to a fine grid and the height of its ground");
  auto a = std::make_shared<DownscaleArguments>();
  a->target.spacing = 0.01;
  a->wanted.add_options(verb);
  a->target.add_options(verb);
  verb.option("--elevation", a->ground.elevation, "elevation tiles (GeoTIFF, HGT, ...), needed for temperature, dew point and pressure");
  verb.flag("--sea", a->ground.sea, "cells that no tile covers are sea, at 0 m; without it their temperature is missing");
  verb.option("--lapse-rate", a->lapse,
              "of temperature: neighbourhood (the model's own around the place), levels (the model's own above it) or K per km, e.g. -6.5")
      .shows_default();
  verb.option("--roughness", a->ground.roughness, "roughness length (m) on a fine grid, for the wind");
  verb.option("--land", a->ground.land, "mask of land on any grid (1 land, 0 sea): land draws from the model's land, sea from its sea");
  verb.option("--rain-climatology", a->ground.rain_climatology, "mean precipitation on a fine grid; its pattern is given to the rain");
  verb.option("--orographic", a->orographic, "pressure level, e.g. \"850 hPa\", with whose wind, temperature and humidity the ground's own rain is added");
  verb.flag("--disaggregate", a->ground.disaggregate, "rain gets structures below the forecast's cells; the amount of each cell is kept");
  verb.option("--seed", a->ground.seed, "of these structures; members have their own");
  verb.option("--format", a->format, "netcdf or grib2").shows_default().one_of({"netcdf", "grib2"});
  verb.option("--packing", a->packing, "GRIB2: ccsds, or simple for readers that do not know it; larger").shows_default().one_of({"ccsds", "simple"});
  verb.option("--centre", a->centre, "GRIB2: originating centre, WMO common code table C-11").shows_default().between(0, 65535);
  verb.option("--out", a->out, "file to write").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
