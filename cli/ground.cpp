#include "cli/ground.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include "cli/field_file.h"
#include "cli/forecast/terrain.h"
#include "cli/forecast/wanted.h"
#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

constexpr const char* kDirections = "flow_direction_code";  // as guyu terrain writes them

// The grid that all tiles are parts of: spacing of the first, from the westernmost to the easternmost cell.
Grid grid_of_tiles(const std::vector<std::string>& tiles) {
  std::optional<Grid> first;
  double west = 0, east = 0, south = 0, north = 0;
  for (const std::string& tile : tiles) {
    std::optional<Grid> grid;
    read_each(tile, {}, [&](Field&& f) {
      if (!grid) grid = f.grid();
    });
    const double w = grid->x(0), e = grid->x(static_cast<double>(grid->nx() - 1)), n = grid->y(0), s = grid->y(static_cast<double>(grid->ny() - 1));
    if (!first) first = grid, west = w, east = e, south = s, north = n;
    if (first->crs() != grid->crs() || std::abs(first->dx() - grid->dx()) > 1e-6 * first->dx() || std::abs(first->dy() - grid->dy()) > 1e-6 * first->dy())
      throw Error(tile, "has another CRS or spacing than " + tiles.front(), "tell the grid: --bbox W,S,E,N --spacing D, or --like FILE");
    west = std::min(west, w), east = std::max(east, e), south = std::min(south, s), north = std::max(north, n);
  }
  return Grid(first->crs(), west, north, first->dx(), first->dy(), std::llround((east - west) / first->dx()) + 1,
              std::llround((north - south) / first->dy()) + 1);
}

// One tile on its own grid needs no regridding; else the mosaic.
Field elevation_on(const Grid& grid, const std::vector<std::string>& tiles) {
  if (tiles.size() == 1) {
    std::optional<Field> only;
    read_each(tiles.front(), {}, [&](Field&& f) {
      if (!only) only = std::move(f);
    });
    if (only->grid() == grid) return std::move(*only);
  }
  return terrain_on(grid, tiles);
}

}  // namespace

GroundArguments::GroundArguments() : sea(std::nan("")) {}

void GroundArguments::add_options(Verb& verb) {
  verb.option("--elevation", elevation, "elevation tiles (GeoTIFF, HGT, ...), files or quoted patterns").required();
  target.add_options(verb);
  verb.option("--sea", sea, "m: cells at or below are sea, which takes water");
}

void RunoffArguments::add_options(Verb& verb) {
  verb.option("--curve-number", curve_number, "curve number of moderate moisture (USDA): one for all cells, or a raster").required();
  verb.option("--abstraction", abstraction, "initial loss as a share of the retention").shows_default().between(0.0, 0.5);
  verb.option("--channel-from", channels.channel_from_km2, "km2 upstream from which a cell is a channel").shows_default().at_least_zero();
  verb.option("--channel-width", channels.width_coefficient, "m: width of a channel that drains 1 km2; it grows with the area's root")
      .shows_default()
      .between(0.1, 100.0);
  verb.option("--manning", channels.channel_manning, "Manning's roughness of channels").shows_default().between(0.01, 0.5);
}

Ground read_ground(const GroundArguments& a, const std::string& verb) {
  Ground g;
  g.tiles = files_named(a.elevation);
  const bool told = !a.target.like.empty() || !a.target.bbox.empty();
  g.grid = told ? a.target.grid(verb) : grid_of_tiles(g.tiles);
  g.elevation = elevation_on(g.grid, g.tiles);
  if (!std::isnan(a.sea))
    for (float& z : g.elevation.values())
      if (static_cast<double>(z) <= a.sea) z = std::numeric_limits<float>::quiet_NaN();
  g.directions = flow_directions(std::as_const(g.elevation).view(), g.grid);
  g.network = std::make_unique<FlowNetwork>(g.directions);
  if (g.network->order().empty()) throw Error(a.elevation.front(), "has no elevation on the grid " + g.grid.describe(), "check --bbox and --sea");
  g.area_km2 = upstream_area_km2(*g.network, g.grid);
  return g;
}

ChannelCells channel_cells(const Ground& g, const ChannelOptions& options) {
  return guyu::channel_cells(*g.network, g.directions, g.grid, g.elevation.view(), options);
}

Plane curve_numbers(const Ground& g, const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  Plane out(g.grid.ny(), g.grid.nx(), std::numeric_limits<float>::quiet_NaN());
  if (!text.empty() && *end == '\0') {
    if (!(number > 0) || number > 100) throw Error("--curve-number", text + " is no curve number", "give one above 0 and up to 100, or a raster");
    std::fill(out.values.begin(), out.values.end(), static_cast<float>(number));
    return out;
  }
  const Field raster = raster_on(g.grid, text, false);
  std::size_t known = 0;
  for (std::size_t k = 0; k < out.values.size(); ++k) {
    const float v = raster.values()[k];
    if (v > 0 && v <= 100) out.values[k] = v, ++known;
  }
  if (known == 0) throw Error(text, "has no curve number on the grid " + g.grid.describe(), "give a raster with values above 0 and up to 100");
  return out;
}

Plane plane_of(const Ground& g, const std::string& path, const std::string& quantity, const std::string& level) {
  std::optional<Plane> found;
  std::string there;
  read_each(path, {}, [&](Field&& f) {
    const std::string name = f.meta.quantity.name + (f.meta.level.empty() ? "" : " (" + f.meta.level + ")");
    if (there.find(name) == std::string::npos) there += (there.empty() ? "" : ", ") + name;
    if (found || f.meta.quantity.name != quantity || (!level.empty() && f.meta.level != level)) return;
    if (!(f.grid() == g.grid)) throw Error(path, "lies on another grid: " + f.grid().describe(), "make it with the same elevation and grid");
    found.emplace(g.grid.ny(), g.grid.nx());
    std::copy(f.values().begin(), f.values().end(), found->values.begin());
  });
  if (!found) throw Error(path, "has no " + quantity + (level.empty() ? "" : " of level " + level), "it has " + there);
  return std::move(*found);
}

void write_flood_state(const std::string& path, const Ground& g, const std::vector<std::string>& inputs, const TimedFloodState& s) {
  FieldSet set;
  const auto add = [&](std::string_view name, std::string_view unit, const Plane& plane) {
    set.insert(as_field(g.grid, std::string(name), std::string(unit), "", plane, TimeKind::instant, {s.at, s.at}));
  };
  add(FloodState::water_name, FloodState::water_unit, s.state.water);
  add(FloodState::unknown_name, FloodState::unknown_unit, s.state.unknown);
  add(RoutingState::name, RoutingState::unit, s.state.channels.volume);
  add(kDirections, "1", g.directions.codes());
  write_fields(path, g.grid, "soil and channel water at the end of the rain", inputs, set);
}

TimedFloodState read_flood_state(const Ground& g, const std::string& path) {
  const Plane directions = plane_of(g, path, kDirections), here = g.directions.codes();
  for (std::size_t k = 0; k < here.values.size(); ++k)
    if (!(directions.values[k] == here.values[k] || (std::isnan(directions.values[k]) && std::isnan(here.values[k]))))
      throw Error(path, "is the state of another river network", "give the elevation, grid and --sea that it was made with, or begin anew with --wetness");
  TimedFloodState s{
      {plane_of(g, path, FloodState::water_name), {plane_of(g, path, std::string(RoutingState::name))}, plane_of(g, path, FloodState::unknown_name)}, {}};
  read_each(path, {}, [&](Field&& f) {
    if (f.meta.quantity.name == FloodState::water_name) s.at = f.meta.valid.end;
  });
  return s;
}

FieldPtr as_field(const Grid& grid, const std::string& quantity, const std::string& unit, const std::string& level, const Plane& plane, TimeKind kind,
                  Interval valid) {
  FieldMeta meta;
  meta.quantity = {quantity, unit};
  meta.level = level;
  meta.kind = kind;
  meta.valid = valid;
  Field f(grid, meta);
  std::copy(plane.values.begin(), plane.values.end(), f.values().begin());
  return std::make_shared<const Field>(std::move(f));
}

std::string period_level(double years) { return fmt::format("{:g} year", years); }

}  // namespace guyu::cli
