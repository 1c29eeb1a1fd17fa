#include "engine/cells/grid_scale.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/regrid/cell_size.h"

namespace guyu {
namespace {
constexpr double kRadian = std::numbers::pi / 180, kEarth_km = 6371;
}  // namespace

GridScale::GridScale(const Grid& grid) : dx_(static_cast<std::size_t>(grid.ny())) {
  if (grid.is_in_degrees()) {
    dy_ = kEarth_km * kRadian * grid.dy();
    for (std::size_t j = 0; j < dx_.size(); ++j) {
      const double latitude = std::clamp(grid.y(static_cast<double>(j)), -89.9, 89.9);  // a cell at the pole has some width
      dx_[j] = kEarth_km * kRadian * grid.dx() * std::cos(latitude * kRadian);
    }
    return;
  }
  const double km_per_unit = cell_size_km(grid) / std::sqrt(grid.dx() * grid.dy());
  dy_ = km_per_unit * grid.dy();
  std::fill(dx_.begin(), dx_.end(), km_per_unit * grid.dx());
}

std::size_t GridScale::place(double row) const { return static_cast<std::size_t>(std::clamp(std::round(row), 0.0, static_cast<double>(dx_.size() - 1))); }

double GridScale::length_km(double row, double rows, double columns) const { return std::hypot(rows * dy_, columns * dx_km(row)); }

double GridScale::direction_deg(double row, double rows, double columns) const {
  if (rows == 0 && columns == 0) return 0;
  const double degrees = std::atan2(columns * dx_km(row), -rows * dy_) / kRadian;
  return degrees < 0 ? degrees + 360 : degrees;
}

}  // namespace guyu
