#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "cli/app.h"
#include "cli/cell_analysis.h"
#include "cli/csv.h"
#include "cli/field_file.h"
#include "cli/rain_frames.h"
#include "cli/target_grid.h"
#include "cli/verb.h"
#include "engine/cells/convective_echo.h"
#include "engine/convection/downdraft_gust.h"
#include "engine/convection/flash_density.h"
#include "engine/convection/isotherm_height.h"
#include "engine/convection/region_convection.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/regrid/apply.h"
#include "ingest/glm_reader.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

constexpr float kEchoTop_dbz = 18;
constexpr double kClassHeight_m = 2000;       // where convective and stratiform echo are told apart
constexpr Seconds kOldestForecast{3 * 3600};  // between the valid time of the temperatures and the newest frame
constexpr double kFreezing_K = 273.15, kMinus20_K = 253.15;

struct ConvectionArguments {
  std::vector<std::string> inputs, forecast, lightning;
  double freezing_m = std::nan(""), minus_20_m = std::nan("");
  std::vector<double> windows{5, 10, 15};
  std::string hail = "witt", out, table;
  CellSettings cells;
  TargetGrid target;
  RegionSource regions;
};

const std::string& liquid_name() {
  static const std::string name = "vertically_integrated_liquid";
  return name;
}
const std::string& top_name() {
  static const std::string name = "radar_echo_top_height";
  return name;
}

// Height in m that a level's name tells: "500 m", "2.5 km", "altitude 500 m", "heightAboveSea 500". nullopt when it tells none.
std::optional<double> height_of_level(const std::string& level) {
  for (std::size_t k = 0; k < level.size(); ++k) {
    if (std::isdigit(static_cast<unsigned char>(level[k])) == 0) continue;
    char* end = nullptr;
    const double value = std::strtod(level.c_str() + k, &end);
    const std::string unit = end + (*end == ' ' ? 1 : 0);
    if (unit == "m" || unit == "metres" || unit == "meters") return value;
    if (unit == "km") return 1000 * value;
    if (unit.empty() && level.starts_with("heightAbove")) return value;
    return std::nullopt;
  }
  return std::nullopt;
}

// What the radar files hold: a composite of each time, and of the newest time the levels, liquid and echo tops.
struct Volume {
  std::map<TimePoint, Field> composites;
  std::map<double, Field> levels;  // by height, m
  std::optional<Field> liquid, top;
  std::vector<std::string> problems;

  const Field& newest() const { return composites.rbegin()->second; }
  TimePoint now() const { return composites.rbegin()->first; }
};

void add_reflectivity(Volume& v, Field f) {
  const TimePoint time = f.meta.valid.end;
  if (!v.composites.empty() && !(v.newest().grid() == f.grid()))
    throw Error(f.meta.source, "lies on another grid than " + v.newest().meta.source, "give volumes of one product");
  if (!v.composites.empty() && time > v.now()) v.levels.clear();
  const bool newest = v.composites.empty() || time >= v.now();
  const auto there = v.composites.find(time);
  if (there == v.composites.end()) v.composites.emplace(time, f.clone());
  else raise_composite(there->second, f);
  if (const auto height = height_of_level(f.meta.level); newest && height) {
    const std::string source = f.meta.source;
    if (!v.levels.emplace(*height, std::move(f)).second)
      throw Error(source, fmt::format("has a second level of reflectivity at {} m for {}", *height, to_iso(time)), "give each level once");
  }
}

Volume read_volume(const std::vector<std::string>& files) {
  Volume v;
  const auto keep_newest = [](std::optional<Field>& kept, Field&& f) {
    if (!kept || f.meta.valid.end > kept->meta.valid.end) kept = std::move(f);
  };
  for (const std::string& file : files) {
    FileFields whole = read_file(file, {{quantities::reflectivity().name, liquid_name(), top_name()}});
    for (Field& f : whole.fields) {
      if (f.meta.quantity.name == liquid_name()) keep_newest(v.liquid, std::move(f));
      else if (f.meta.quantity.name == top_name()) keep_newest(v.top, std::move(f));
      else add_reflectivity(v, std::move(f));
    }
    v.problems.insert(v.problems.end(), whole.problems.begin(), whole.problems.end());
  }
  if (v.composites.empty()) throw Error(files.front(), "holds no reflectivity, nor do the others", "give levels of reflectivity, or a composite");
  return v;
}

// A plane of the newest frame's grid.
Field plane_like(const Field& frame, const std::string& quantity, const std::string& level = "") {
  FieldMeta m;
  m.quantity = *find_quantity(quantity);
  m.valid = {frame.meta.valid.end, frame.meta.valid.end};
  m.reference = frame.meta.valid.end;
  m.level = level;
  return Field(frame.grid(), std::move(m));
}

Field brought_to(const Grid& grid, const Field& f, RegridMethod method) {
  if (f.grid() == grid) return f.clone();
  return regrid(f, grid, compute_regrid_weights(f.grid(), grid, method), {MissingPolicy::renormalise, 0.5});
}

// Heights of 0 and -20 degC on the frame's grid, from a forecast's temperatures.
struct Isotherms {
  std::optional<Field> freezing, minus_20;
};

Isotherms read_isotherms(const std::vector<std::string>& files, const Field& frame, std::vector<std::string>& problems) {
  const TimePoint now = frame.meta.valid.end;
  std::map<TimePoint, std::map<std::string, std::pair<std::optional<Field>, std::optional<Field>>>> times;
  const std::string temperature = "air_temperature", height = "geopotential_height";
  for (const std::string& file : files) {
    const auto near = [&](const FieldMeta& m) { return std::chrono::abs(m.valid.end - now) <= kOldestForecast && m.level.ends_with("Pa"); };
    const FileSummary summary = read_each(file, {{temperature, height}, near}, [&](Field&& f) {
      auto& at = times[f.meta.valid.end][f.meta.level];
      auto& place = f.meta.quantity.name == temperature ? at.first : at.second;
      if (!place || f.meta.reference > place->meta.reference) place = std::move(f);
    });
    problems.insert(problems.end(), summary.problems.begin(), summary.problems.end());
  }
  Isotherms out;
  Seconds best = kOldestForecast + Seconds{1};
  const std::map<std::string, std::pair<std::optional<Field>, std::optional<Field>>>* chosen = nullptr;
  for (const auto& [time, levels] : times) {
    const auto whole = std::count_if(levels.begin(), levels.end(), [](const auto& l) { return l.second.first && l.second.second; });
    if (whole >= 2 && std::chrono::abs(time - now) < best) best = std::chrono::abs(time - now), chosen = &levels;
  }
  if (!chosen)
    throw Error(files.front(), "has no temperatures and geopotential heights on two pressure levels or more within 3 h of " + to_iso(now),
                "give a forecast for that time, or --freezing and --minus20");
  std::vector<TemperatureLevel> profile;
  const Field* first = nullptr;
  for (const auto& [level, pair] : *chosen) {
    if (!pair.first || !pair.second) continue;
    if (!first) first = &*pair.first;
    if (!(pair.first->grid() == first->grid()) || !(pair.second->grid() == first->grid())) throw Error(pair.first->meta.source, "has levels on several grids");
    profile.push_back({pair.first->view(), pair.second->view()});
  }
  const auto plane = [&](double kelvin) {
    FieldMeta m = first->meta;
    m.quantity = *find_quantity(height);
    Field f(first->grid(), std::move(m));
    isotherm_height(profile, kelvin, f.view());
    return brought_to(frame.grid(), f, RegridMethod::bilinear);
  };
  out.freezing = plane(kFreezing_K), out.minus_20 = plane(kMinus20_K);
  return out;
}

HeightInput height_input(double given, const std::optional<Field>& plane) {
  if (!std::isnan(given)) return {given, {}};
  if (plane) return {0, plane->view()};
  return {std::nan(""), {}};
}

// All products of the newest time by name; those that the data do not give are absent.
struct Products {
  FieldSet fields;
  FieldPtr hail, gust, dbz_at_minus_10;
};

void add_columns(Products& out, const Volume& v, const HeightInput& freezing, const HeightInput& minus_20, const std::string& hail_fit) {
  const Field& frame = v.newest();
  std::vector<ReflectivityLevel> levels;
  for (const auto& [height, f] : v.levels) levels.push_back({height, f.view()});
  const auto keep = [&](Field&& f) {
    const auto shared = std::make_shared<const Field>(std::move(f));
    out.fields.insert(shared);
    return shared;
  };
  FieldPtr liquid, top;
  if (levels.size() >= 2) {
    Field vil = plane_like(frame, liquid_name()), height = plane_like(frame, top_name(), "18 dBZ");
    integrated_liquid(levels, vil.view());
    echo_top(levels, kEchoTop_dbz, height.view());
    for (const auto& [name, isotherm] : {std::pair("18 dBZ above 0 degC", &freezing), std::pair("18 dBZ above -20 degC", &minus_20)}) {
      Field above = plane_like(frame, "radar_echo_top_height_above_isotherm", name);
      for (std::int64_t j = 0; j < above.grid().ny(); ++j) {
        for (std::int64_t i = 0; i < above.grid().nx(); ++i) {
          const float h = std::as_const(height).view()(j, i);
          above.view()(j, i) = h > 0 ? static_cast<float>(double{h} - isotherm->at(j, i)) : std::nanf("");  // no echo has no top
        }
      }
      keep(std::move(above));
    }
    Field shi = plane_like(frame, "severe_hail_index"), posh = plane_like(frame, "probability_of_severe_hail");
    Field witt = plane_like(frame, "maximum_expected_hail_size", "witt");
    hail_index(levels, freezing, minus_20, {shi.view(), posh.view(), witt.view()});
    for (float& p : posh.values()) p /= 100;
    for (const auto& [name, fit] : {std::pair("murillo_75", HailSizeFit::murillo_75), std::pair("murillo_95", HailSizeFit::murillo_95)}) {
      Field size = plane_like(frame, "maximum_expected_hail_size", name);
      for (std::size_t k = 0; k < size.values().size(); ++k) size.values()[k] = static_cast<float>(hail_size_mm(double{shi.values()[k]}, fit));
      if (const FieldPtr kept = keep(std::move(size)); hail_fit == name) out.hail = kept;
    }
    if (const FieldPtr kept = keep(std::move(witt)); hail_fit == "witt") out.hail = kept;
    Field dbz = plane_like(frame, quantities::reflectivity().name, "-10 degC");
    reflectivity_at_minus_10(levels, freezing, minus_20, dbz.view());
    keep(std::move(shi)), keep(std::move(posh));
    out.dbz_at_minus_10 = keep(std::move(dbz));
    liquid = keep(std::move(vil)), top = keep(std::move(height));
    const auto low = std::min_element(v.levels.begin(), v.levels.end(),
                                      [](const auto& a, const auto& b) { return std::abs(a.first - kClassHeight_m) < std::abs(b.first - kClassHeight_m); });
    Field echo = plane_like(frame, "convective_echo_class", fmt::format("{:g} m", low->first));
    separate_convective(low->second.view(), GridScale(frame.grid()), echo.view());
    keep(std::move(echo));
  } else if (v.liquid && v.top) {
    for (const auto& [from, name, to] : {std::tuple(&*v.liquid, liquid_name(), &liquid), std::tuple(&*v.top, top_name(), &top)}) {
      if (std::chrono::abs(from->meta.valid.end - v.now()) > Seconds{600})
        throw Error(from->meta.source, fmt::format("is of {}, the newest frame of {}", to_iso(from->meta.valid.end), to_iso(v.now())),
                    "give products of one volume");
      Field f = brought_to(frame.grid(), *from, RegridMethod::nearest);
      Field mine = plane_like(frame, name);
      std::copy(f.values().begin(), f.values().end(), mine.values().begin());
      *to = keep(std::move(mine));
    }
  }
  if (liquid && top) {
    Field gust = plane_like(frame, "wind_speed_of_gust", "downdraft");
    downdraft_gust(liquid->view(), top->view(), gust.view());
    out.gust = keep(std::move(gust));
  }
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

  Products products;
  std::optional<CellAnalysis> cells;
  std::optional<Volume> volume;
  Grid grid;
  TimePoint now{};
  if (!a.inputs.empty()) {
    volume = read_volume(a.inputs);
    problems.insert(problems.end(), volume->problems.begin(), volume->problems.end());
    grid = volume->newest().grid(), now = volume->now();
    Isotherms isotherms;
    if (!a.forecast.empty()) isotherms = read_isotherms(a.forecast, volume->newest(), problems);
    add_columns(products, *volume, height_input(a.freezing_m, isotherms.freezing), height_input(a.minus_20_m, isotherms.minus_20), a.hail);
    cells = follow_cells(volume->composites, true, a.cells);
  } else {
    grid = a.target.grid("convection");
    for (const Interval& w : flashes.watched) now = std::max(now, w.end);
  }
  if (!a.lightning.empty()) add_flash_fields(products.fields, flashes, grid, now, a.windows);
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  if (products.fields.empty() && !a.out.empty())
    throw Error(a.inputs.front(), "has one level of reflectivity alone, which makes no columns", "give levels at several heights, or liquid and echo tops too");
  if (!a.out.empty()) write_fields(a.out, grid, "severe convection: columns of radar volumes and lightning", hashed(files), products.fields);

  if (!a.table.empty()) {
    const ZonalWeights weights = compute_zonal_weights(grid, regions);
    std::vector<RegionColumn> columns;
    std::vector<float> coverage(regions.regions.size(), std::nanf(""));
    std::vector<RegionColumn> densities;
    if (!a.lightning.empty()) {
      for (const double minutes : a.windows) densities.push_back(density_column(flashes, minutes, now, regions, weights));
    }
    if (volume) {
      const auto view = [](const FieldPtr& f) { return f ? std::optional(f->view()) : std::nullopt; };
      const auto severity = cell_severity(cells->tracker.tracks(), {view(products.hail), view(products.gust), view(products.dbz_at_minus_10)});
      const auto arrivals = cell_arrivals(cells->tracker.tracks(), GridScale(grid), weights, a.cells.forecast());
      // The longest window decides whether lightning is there.
      const std::span<const float> flash = densities.empty() ? std::span<const float>() : std::span<const float>(densities.back().values);
      const RegionConvection found = region_convection(weights, {volume->newest().view(), view(products.hail), view(products.gust), arrivals, severity, flash});
      coverage = found.coverage;
      columns = convection_columns(found, now);
      std::erase_if(columns, [](const RegionColumn& c) { return c.name == "flash_density"; });  // told by window
    }
    columns.insert(columns.begin(), densities.begin(), densities.end());
    write_file_atomically(a.table, region_csv(regions, columns, coverage));
  }
  fmt::print("{}: {} fields, {} levels, {} cells, {} flashes\n", to_iso(now), products.fields.size(), volume ? volume->levels.size() : 0,
             cells ? cells->forecasts.size() : 0, flashes.flashes.size());
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_convection(Verb& guyu) {
  Verb verb = guyu.verb("convection", "severe convection: hail, gusts, lightning and echo columns, as fields and by region");
  auto a = std::make_shared<ConvectionArguments>();
  verb.option("--input", a->inputs, "levels of reflectivity at heights, or a composite with liquid and echo tops; several times make tracks");
  verb.option("--freezing", a->freezing_m, "height of 0 degC, m above the levels' zero");
  verb.option("--minus20", a->minus_20_m, "height of -20 degC, likewise");
  verb.option("--forecast", a->forecast, "files with temperature and geopotential height on pressure levels, for the heights that are not given");
  verb.option("--lightning", a->lightning, "GLM level 2 files (LCFA) that cover the windows");
  verb.option("--windows", a->windows, "minutes before the newest frame that flashes are counted in; 5,10,15 when absent").parted_by(',');
  verb.option("--hail", a->hail, "size that the regions' columns have").one_of({"witt", "murillo_75", "murillo_95"}).shows_default();
  verb.option("--horizon", a->cells.horizon_min, "minutes ahead").shows_default().between(5, 180);
  verb.option("--min-area", a->cells.least_area_km2, "km2 of a cell at the first threshold").shows_default().at_least_zero();
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
