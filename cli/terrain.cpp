#include <fmt/format.h>

#include <cstdio>
#include <limits>

#include "cli/app.h"
#include "cli/field_file.h"
#include "cli/ground.h"
#include "cli/verb.h"

namespace guyu::cli {
namespace {

struct TerrainArguments {
  GroundArguments ground;
  std::string out;
  double least_km2 = 10;
};

int run(TerrainArguments& a) {
  const Ground g = read_ground(a.ground, "terrain");
  const Grid& grid = g.grid;
  const FlowNetwork& network = *g.network;
  const Plane& area = g.area_km2;

  // Basins by size, 1 the largest; those below the least have 0.
  const std::vector<std::int32_t> mouths = outlets(network, area, a.least_km2), basin = basins(network);
  std::vector<float> number(basin.size(), 0);
  for (std::size_t k = 0; k < mouths.size(); ++k) number[static_cast<std::size_t>(mouths[k])] = static_cast<float>(k + 1);
  Plane numbers(grid.ny(), grid.nx(), std::numeric_limits<float>::quiet_NaN());
  for (const std::int32_t c : network.order())
    numbers.values[static_cast<std::size_t>(c)] = number[static_cast<std::size_t>(basin[static_cast<std::size_t>(c)])];

  FieldSet set;
  Plane z(grid.ny(), grid.nx());
  std::copy(g.elevation.values().begin(), g.elevation.values().end(), z.values.begin());
  set.insert(as_field(grid, "surface_altitude", "m", "", z));
  set.insert(as_field(grid, "flow_direction_code", "1", "", g.directions.codes()));
  set.insert(as_field(grid, "upstream_area", "km2", "", area));
  set.insert(as_field(grid, "basin_number", "1", "", numbers));
  write_fields(a.out, grid, "flow directions (D8: E 1, SE 2, S 4, SW 8, W 16, NW 32, N 64, NE 128, outlet 0), upstream areas and basins", g.tiles, set);
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
  a->ground.add_options(verb);
  verb.option("--least-area", a->least_km2, "km2: smaller basins get no number").shows_default().at_least_zero();
  verb.option("--out", a->out, "NetCDF file to write").required();
  verb.footer("Without --like or --bbox the grid is that of the tiles.");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
