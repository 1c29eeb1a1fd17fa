#include "cli/convection_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "cli/field_file.h"
#include "engine/cells/convective_echo.h"
#include "engine/convection/downdraft_gust.h"
#include "engine/convection/isotherm_height.h"
#include "engine/core/error.h"
#include "engine/regrid/apply.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

constexpr float kEchoTop_dbz = 18;
constexpr double kClassHeight_m = 2000;       // where convective and stratiform echo are told apart
constexpr Seconds kOldestForecast{3 * 3600};  // between the valid time of the temperatures and the newest frame
constexpr double kFreezing_K = 273.15, kMinus20_K = 253.15;

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

void add_reflectivity(RadarVolume& v, Field f) {
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

void add_columns(ColumnProducts& out, const RadarVolume& v, const HeightInput& freezing, const HeightInput& minus_20, const std::string& hail_fit) {
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
    keep(std::move(shi));
    out.hail_probability = keep(std::move(posh));
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

std::optional<FieldView<const float>> view_of(const FieldPtr& f) { return f ? std::optional(f->view()) : std::nullopt; }

}  // namespace

void add_radar_file(RadarVolume& v, const std::string& file) {
  const auto keep_newest = [](std::optional<Field>& kept, Field&& f) {
    if (!kept || f.meta.valid.end > kept->meta.valid.end) kept = std::move(f);
  };
  FileFields whole = read_file(file, {{quantities::reflectivity().name, liquid_name(), top_name()}});
  for (Field& f : whole.fields) {
    if (f.meta.quantity.name == liquid_name()) keep_newest(v.liquid, std::move(f));
    else if (f.meta.quantity.name == top_name()) keep_newest(v.top, std::move(f));
    else add_reflectivity(v, std::move(f));
  }
  v.problems.insert(v.problems.end(), whole.problems.begin(), whole.problems.end());
}

ConvectionAnalysis analyse_convection(const RadarVolume& volume, const std::vector<std::string>& forecast, const ConvectionSettings& settings,
                                      std::vector<std::string>& problems) {
  Isotherms isotherms;
  if (!forecast.empty()) isotherms = read_isotherms(forecast, volume.newest(), problems);
  ColumnProducts products;
  add_columns(products, volume, height_input(settings.freezing_m, isotherms.freezing), height_input(settings.minus_20_m, isotherms.minus_20), settings.hail);
  return {std::move(products), follow_cells(volume.composites, true, settings.cells)};
}

RegionConvection convection_of_regions(const RadarVolume& volume, const ConvectionAnalysis& a, const ConvectionSettings& settings, const ZonalWeights& weights,
                                       std::span<const float> flash_density) {
  const ColumnProducts& p = a.products;
  const auto& tracks = a.cells.tracker.tracks();
  const auto severity = cell_severity(tracks, {view_of(p.hail), view_of(p.gust), view_of(p.dbz_at_minus_10), view_of(p.hail_probability)});
  const auto arrivals = cell_arrivals(tracks, GridScale(volume.newest().grid()), weights, settings.cells.forecast());
  return region_convection(weights, {volume.newest().view(), view_of(p.hail), view_of(p.gust), arrivals, severity, flash_density, view_of(p.hail_probability)});
}

}  // namespace guyu::cli
