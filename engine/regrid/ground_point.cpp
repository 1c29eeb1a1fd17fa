#include "engine/regrid/ground_point.h"

#include <numbers>

namespace guyu {
namespace {
constexpr double kEarth_km = 6371.0, kRadian = std::numbers::pi / 180;
}

GroundPoint ground_point(double longitude, double latitude) {
  const double lon = longitude * kRadian, lat = latitude * kRadian, across = kEarth_km * std::cos(lat);
  return {across * std::cos(lon), across * std::sin(lon), kEarth_km * std::sin(lat)};
}

GridGround::GridGround(const Grid& grid) : grid_(grid), to_degrees_(grid.crs(), "EPSG:4326") {}

void GridGround::row(std::int64_t j, std::int64_t begin, std::int64_t end, std::vector<GroundPoint>& out) const {
  const auto n = static_cast<std::size_t>(end - begin);
  std::vector<double> x(n), y(n, grid_.y(static_cast<double>(j)));
  for (std::size_t k = 0; k < n; ++k) x[k] = grid_.x(static_cast<double>(begin) + static_cast<double>(k));
  to_degrees_.forward(x.data(), y.data(), n, sizeof(double));
  out.resize(n);
  for (std::size_t k = 0; k < n; ++k) out[k] = ground_point(x[k], y[k]);
}

}  // namespace guyu
