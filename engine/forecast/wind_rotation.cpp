#include "engine/forecast/wind_rotation.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "engine/regrid/crs_transform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kNudge = 1e-3;  // of a cell: far above rounding, far below the bend of any projection
constexpr std::int64_t kRows = 16;

struct Place {
  double x, y;
};

// East and north of the way between two places in degrees, as a unit vector.
void direction(const Place& from, const Place& to, float& east, float& north) {
  constexpr double kRadians = std::numbers::pi / 180;
  const double turn = std::remainder(to.x - from.x, 360.0);
  const double e = turn * std::cos(0.5 * (from.y + to.y) * kRadians), n = to.y - from.y;
  const double length = std::hypot(e, n);
  east = static_cast<float>(e / length);
  north = static_cast<float>(n / length);
}

}  // namespace

WindRotation::WindRotation(const Grid& grid) {
  if (grid.is_latlon()) return;
  const CrsTransform to_degrees(grid.crs(), "EPSG:4326");
  for (Plane* p : {&x_east_, &x_north_, &y_east_, &y_north_}) *p = Plane(grid.ny(), grid.nx());
  parallel_for(grid.ny(), kRows, [&](std::int64_t begin, std::int64_t end) {
    const auto n = static_cast<std::size_t>(grid.nx());
    std::vector<Place> places(4 * n);
    for (std::int64_t j = begin; j < end; ++j) {
      const double y = grid.y(static_cast<double>(j));
      for (std::size_t i = 0; i < n; ++i) {
        const double x = grid.x(static_cast<double>(i)), dx = kNudge * grid.dx(), dy = kNudge * grid.dy();
        places[4 * i] = {x - dx, y}, places[4 * i + 1] = {x + dx, y}, places[4 * i + 2] = {x, y - dy}, places[4 * i + 3] = {x, y + dy};
      }
      to_degrees.forward(&places[0].x, &places[0].y, 4 * n, sizeof(Place));
      for (std::size_t i = 0; i < n; ++i) {
        direction(places[4 * i], places[4 * i + 1], x_east_.row(j)[i], x_north_.row(j)[i]);
        direction(places[4 * i + 2], places[4 * i + 3], y_east_.row(j)[i], y_north_.row(j)[i]);
      }
    }
  });
}

void WindRotation::apply(FieldView<float> u, FieldView<float> v) const {
  if (is_identity()) return;
  parallel_for(u.ny, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < u.nx; ++i) {
        const float along_x = u(j, i), along_y = v(j, i);
        u(j, i) = along_x * x_east_.row(j)[i] + along_y * y_east_.row(j)[i];
        v(j, i) = along_x * x_north_.row(j)[i] + along_y * y_north_.row(j)[i];
      }
    }
  });
}

}  // namespace guyu
