#include "cli/ground.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cli/forecast/terrain.h"
#include "cli/forecast/wanted.h"
#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

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

// The same cells, whatever a file's numbers have been rounded to: corners agree to a thousandth of a cell.
bool same_cells(const Grid& a, const Grid& b) {
  if (a == b) return true;
  const auto near = [](double x, double y, double spacing) { return std::abs(x - y) < 1e-3 * std::abs(spacing); };
  const auto nx = static_cast<double>(a.nx() - 1), ny = static_cast<double>(a.ny() - 1);
  return a.nx() == b.nx() && a.ny() == b.ny() && (a.crs() == b.crs() || (a.is_latlon() && b.is_latlon())) && near(a.x(0), b.x(0), a.dx()) &&
         near(a.x(nx), b.x(nx), a.dx()) && near(a.y(0), b.y(0), a.dy()) && near(a.y(ny), b.y(ny), a.dy());
}

}  // namespace

GroundArguments::GroundArguments() : sea(std::nan("")) {}

void GroundArguments::add_options(Verb& verb) {
  verb.option("--elevation", elevation, "elevation tiles (GeoTIFF, HGT, ...), files or quoted patterns").required();
  target.add_options(verb);
  verb.option("--sea", sea, "m: cells at or below are sea, which takes water");
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

Plane plane_of(const Ground& g, const std::string& path, const std::string& quantity, const std::string& level) {
  std::optional<Plane> found;
  std::string there, elsewhere;
  read_each(path, {}, [&](Field&& f) {
    const std::string name = f.meta.quantity.name + (f.meta.level.empty() ? "" : " (" + f.meta.level + ")");
    if (there.find(name) == std::string::npos) there += (there.empty() ? "" : ", ") + name;
    if (found || f.meta.quantity.name != quantity || (!level.empty() && f.meta.level != level)) return;
    if (!same_cells(f.grid(), g.grid)) {
      elsewhere = f.grid().describe();
      return;
    }
    found.emplace(g.grid.ny(), g.grid.nx());
    std::copy(f.values().begin(), f.values().end(), found->values.begin());
  });
  if (!found && !elsewhere.empty()) throw Error(path, "lies on another grid: " + elsewhere, "make it with the same elevation and grid");
  if (!found) throw Error(path, "has no " + quantity + (level.empty() ? "" : " of level " + level), "it has " + there);
  return std::move(*found);
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
