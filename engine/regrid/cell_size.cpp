#include "engine/regrid/cell_size.h"

#include <cmath>
#include <numbers>

#include "engine/core/error.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {
namespace {

constexpr double kEarth_km = 6371.0;

double distance_km(double lon1, double lat1, double lon2, double lat2) {
  constexpr double kRadian = std::numbers::pi / 180;
  const double a = std::sin((lat2 - lat1) * kRadian / 2), b = std::sin((lon2 - lon1) * kRadian / 2);
  return 2 * kEarth_km * std::asin(std::sqrt(a * a + std::cos(lat1 * kRadian) * std::cos(lat2 * kRadian) * b * b));
}

}  // namespace

double cell_size_km(const Grid& grid) {
  // Half a cell each way of the middle: also a grid of one row has a size.
  const double column = 0.5 * static_cast<double>(grid.nx() - 1), row = 0.5 * static_cast<double>(grid.ny() - 1);
  double x[4] = {grid.x(column - 0.5), grid.x(column + 0.5), grid.x(column), grid.x(column)};
  double y[4] = {grid.y(row), grid.y(row), grid.y(row) - 0.5 * grid.dy(), grid.y(row) + 0.5 * grid.dy()};
  if (!grid.is_latlon()) CrsTransform(grid.crs(), "EPSG:4326").forward(x, y, 4, sizeof(double));
  const double km = std::sqrt(distance_km(x[0], y[0], x[1], y[1]) * distance_km(x[2], y[2], x[3], y[3]));
  if (!(km > 0) || !std::isfinite(km)) throw Error(grid.describe(), "has no size on the ground", "check its CRS");
  return km;
}

}  // namespace guyu
