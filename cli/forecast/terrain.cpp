#include "cli/forecast/terrain.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/downscale/exposure.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/cell_size.h"
#include "engine/regrid/crs_transform.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

Field first_field(const std::string& path) {
  std::optional<Field> first;
  read_each(path, {}, [&](Field&& f) {
    if (!first) first = std::move(f);
  });
  return std::move(*first);
}

constexpr double kTouching = 1e-6;  // share of a cell

// The cells of a grid that a tile can touch: all of them unless both are in longitude and latitude.
struct Window {
  std::int64_t row, column, rows, columns;
};
Window window_of(const Grid& tile, const Grid& grid) {
  if (!tile.is_latlon() || !grid.is_latlon() || !grid.has_uniform_rows() || tile.wraps_in_x() || grid.wraps_in_x()) return {0, 0, grid.ny(), grid.nx()};
  const double north = tile.y(0) + tile.dy(), south = tile.y(static_cast<double>(tile.ny() - 1)) - tile.dy();
  const double west = tile.x(0) - tile.dx(), width = (static_cast<double>(tile.nx()) + 1) * tile.dx();
  // The turn of the tile's longitudes that lies nearest to the grid.
  const double middle = grid.x(0.5 * static_cast<double>(grid.nx())), turn = 360 * std::round((middle - west - 0.5 * width) / 360);
  const auto low = [](double x) { return static_cast<std::int64_t>(std::floor(x)) - 1; };
  const std::int64_t row = std::max<std::int64_t>(low(grid.row_of(north)), 0), column = std::max<std::int64_t>(low(grid.column_of(west + turn)), 0);
  const std::int64_t last_row = std::min<std::int64_t>(low(grid.row_of(south)) + 3, grid.ny()),
                     last_column = std::min<std::int64_t>(low(grid.column_of(west + turn + width)) + 3, grid.nx());
  return {row, column, last_row - row, last_column - column};
}

}  // namespace

Grid grid_over(const RegionSet& regions, double spacing) {
  const CrsTransform to_degrees(regions.crs, "EPSG:4326");
  double west = 1e9, east = -1e9, south = 1e9, north = -1e9;
  for (const Region& r : regions.regions) {
    for (const Polygon& p : r.shape) {
      Ring ring = p.outer;
      if (!to_degrees.is_identity() && !ring.empty()) to_degrees.forward(&ring[0].x, &ring[0].y, ring.size(), sizeof(Point));
      for (const Point& q : ring) {
        if (!std::isfinite(q.x) || !std::isfinite(q.y)) continue;
        west = std::min(west, q.x), east = std::max(east, q.x), south = std::min(south, q.y), north = std::max(north, q.y);
      }
    }
  }
  if (west > east) throw Error("regions", "have no outline in longitude and latitude");
  // Lines at whole multiples of the spacing: the grid of one region set is part of that of a larger one.
  const double left = std::floor(west / spacing - 1) * spacing, top = std::min(90.0, std::ceil(north / spacing + 1) * spacing);
  const auto nx = static_cast<std::int64_t>(std::ceil((east - left) / spacing + 1)),
             ny = static_cast<std::int64_t>(std::ceil((top - std::max(south - spacing, -90.0)) / spacing));
  return Grid("+proj=longlat +datum=WGS84 +no_defs", left + spacing / 2, top - spacing / 2, spacing, spacing, nx, ny);
}

Field terrain_on(const Grid& grid, const std::vector<std::string>& tiles) {
  FieldMeta meta;
  meta.quantity = *find_quantity("surface_altitude");
  Field out(grid, meta);
  std::vector<double> sum(static_cast<std::size_t>(grid.size())), weight(sum.size());
  for (const std::string& tile : tiles) {
    const Field f = first_field(tile);
    // Coarser than the target: no area mean is left to make, and steps would be drawn as cliffs.
    const bool coarse = f.grid().is_latlon() && grid.is_latlon() ? f.grid().dx() > grid.dx() : cell_size_km(f.grid()) > cell_size_km(grid);
    const Window window = window_of(f.grid(), grid);
    if (window.rows <= 0 || window.columns <= 0) continue;
    const Grid part(grid.crs(), grid.x(static_cast<double>(window.column)), grid.y(static_cast<double>(window.row)), grid.dx(), grid.dy(), window.columns,
                    window.rows);
    const RegridWeights w = compute_regrid_weights(f.grid(), part, coarse ? RegridMethod::bilinear : RegridMethod::conservative);
    const auto values = f.values();
    for (std::int64_t cell = 0; cell < part.size(); ++cell) {
      const auto k = static_cast<std::size_t>((window.row + cell / window.columns) * grid.nx() + window.column + cell % window.columns);
      for (const RegridWeights::Entry& e : w.row(cell)) {
        const double z = static_cast<double>(values[static_cast<std::size_t>(e.source)]);
        if (std::isnan(z)) continue;
        sum[k] += static_cast<double>(e.weight) * z;
        weight[k] += static_cast<double>(e.weight);
      }
    }
  }
  const auto z = out.values();
  for (std::size_t k = 0; k < sum.size(); ++k)
    if (weight[k] > kTouching) z[k] = static_cast<float>(sum[k] / weight[k]);
  return out;
}

Field raster_on(const Grid& grid, const std::string& path, bool keep_sum) {
  const Field f = first_field(path);
  const RegridWeights w = compute_regrid_weights(f.grid(), grid, RegridMethod::conservative);
  Field out = regrid(f, grid, w, {MissingPolicy::renormalise, 0});
  // Amounts a source cell become amounts a target cell by the ratio of their sizes in the plane of the grid.
  if (keep_sum && f.grid().is_latlon() == grid.is_latlon()) {
    const auto ratio = static_cast<float>(grid.dx() * grid.dy() / (f.grid().dx() * f.grid().dy()));
    for (float& v : out.values()) v *= ratio;
  }
  return out;
}

Plane roughness_on(const Grid& fine, const std::string& path, const Grid& coarse) {
  const Field rough = raster_on(fine, path, false);
  Field logarithm = rough.clone();
  for (float& v : logarithm.values()) v = v > 0 ? std::log(v) : std::numeric_limits<float>::quiet_NaN();
  const MissingTreatment known{MissingPolicy::renormalise, 0};
  const Field mean = regrid(logarithm, coarse, compute_regrid_weights(fine, coarse, RegridMethod::conservative), known);
  Field around = regrid(mean, fine, compute_regrid_weights(coarse, fine, RegridMethod::bilinear), known);
  for (float& v : around.values()) v = std::exp(v);
  return roughness_factor(rough.view(), std::as_const(around).view());
}

Plane rain_climatology_on(const Grid& fine, const std::string& path, const Grid& coarse, const std::string& cache) {
  const Field climate = raster_on(fine, path, false);
  const MissingTreatment known{MissingPolicy::renormalise, 0.2};
  const Field mean = regrid(climate, coarse, load_or_compute_regrid_weights(cache, fine, coarse, RegridMethod::conservative), known);
  const Field around = regrid(mean, fine, load_or_compute_regrid_weights(cache, coarse, fine, RegridMethod::bilinear), known);
  return climatology_ratio(climate.view(), around.view());
}

}  // namespace guyu::cli
