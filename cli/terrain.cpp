#include "cli/forecast/terrain.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

#include "cli/app.h"
#include "cli/field_file.h"
#include "cli/forecast/wanted.h"
#include "cli/target_grid.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "engine/hydrology/flow_network.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

struct TerrainArguments {
  std::vector<std::string> elevation;
  std::string out;
  TargetGrid target;
  double sea = std::nan(""), least_km2 = 10;
};

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

FieldPtr field_of(const Grid& grid, const char* name, const char* unit, const Plane& plane) {
  FieldMeta meta;
  meta.quantity = {name, unit};
  Field f(grid, meta);
  std::copy(plane.values.begin(), plane.values.end(), f.values().begin());
  return std::make_shared<const Field>(std::move(f));
}

int run(TerrainArguments& a) {
  const std::vector<std::string> tiles = files_named(a.elevation);
  const bool told = !a.target.like.empty() || !a.target.bbox.empty();
  const Grid grid = told ? a.target.grid("terrain") : grid_of_tiles(tiles);
  Field elevation = elevation_on(grid, tiles);
  if (!std::isnan(a.sea))
    for (float& z : elevation.values())
      if (static_cast<double>(z) <= a.sea) z = std::numeric_limits<float>::quiet_NaN();
  const Field& ground = elevation;
  const FlowDirections directions = flow_directions(ground.view(), grid);
  const FlowNetwork network(directions);
  if (network.order().empty()) throw Error(a.elevation.front(), "has no elevation on the grid " + grid.describe(), "check --bbox and --sea");
  const Plane area = upstream_area_km2(network, grid);

  // Basins by size, 1 the largest; those below the least have 0.
  const std::vector<std::int32_t> mouths = outlets(network, area, a.least_km2), basin = basins(network);
  std::vector<float> number(basin.size(), 0);
  for (std::size_t k = 0; k < mouths.size(); ++k) number[static_cast<std::size_t>(mouths[k])] = static_cast<float>(k + 1);
  Plane numbers(grid.ny(), grid.nx(), std::numeric_limits<float>::quiet_NaN());
  for (const std::int32_t c : network.order())
    numbers.values[static_cast<std::size_t>(c)] = number[static_cast<std::size_t>(basin[static_cast<std::size_t>(c)])];

  FieldSet set;
  Plane z(grid.ny(), grid.nx());
  std::copy(ground.values().begin(), ground.values().end(), z.values.begin());
  set.insert(field_of(grid, "surface_altitude", "m", z));
  set.insert(field_of(grid, "flow_direction_code", "1", directions.codes()));
  set.insert(field_of(grid, "upstream_area", "km2", area));
  set.insert(field_of(grid, "basin_number", "1", numbers));
  write_fields(a.out, grid, "flow directions (D8: E 1, SE 2, S 4, SW 8, W 16, NW 32, N 64, NE 128, outlet 0), upstream areas and basins", tiles, set);
  fmt::print("{}: {} cells with elevation, {} basins of at least {} km2\n", a.out, network.order().size(), mouths.size(), a.least_km2);
  for (std::size_t k = 0; k < std::min<std::size_t>(mouths.size(), 5); ++k)
    fmt::print("  basin {}: {:.1f} km2, outlet at {:.4f}, {:.4f}\n", k + 1, area.values[static_cast<std::size_t>(mouths[k])],
               grid.x(static_cast<double>(mouths[k] % grid.nx())), grid.y(static_cast<double>(mouths[k] / grid.nx())));
  return exit_done;
}

}  // namespace

void add_terrain(Verb& guyu) {
  Verb verb = guyu.verb("terrain", "flow directions, upstream areas and basins from elevation");
  auto a = std::make_shared<TerrainArguments>();
  verb.option("--elevation", a->elevation, "elevation tiles (GeoTIFF, HGT, ...), files or quoted patterns").required();
  a->target.add_options(verb);
  verb.option("--sea", a->sea, "m: cells at or below are sea, which takes water");
  verb.option("--least-area", a->least_km2, "km2: smaller basins get no number").shows_default().at_least_zero();
  verb.option("--out", a->out, "NetCDF file to write").required();
  verb.footer("Without --like or --bbox the grid is that of the tiles.");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
