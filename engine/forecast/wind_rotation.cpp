#include "engine/forecast/wind_rotation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "engine/regrid/crs_transform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kNudge = 1e-3;     // of a cell: far above rounding, far below the bend of any projection
constexpr double kNowhere = 1e-12;  // of the Earth's radius: a way of microns is rounding
constexpr std::int64_t kRows = 16;

struct Place {
  double x, y;  // degrees east and north
};

struct Vector {
  double x, y, z;
};
double dot(const Vector& a, const Vector& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
double radians(double degrees) { return degrees * std::numbers::pi / 180; }
Vector on_sphere(const Place& p) {
  const double lon = radians(p.x), lat = radians(p.y);
  return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

struct Direction {
  double east, north;
};

// East and north, at `at`, of the way from one near place to another: through space, so that neither poles nor the date line are in the way.
Direction direction(const Place& at, const Place& from, const Place& to) {
  const double lon = radians(at.x), lat = radians(at.y);
  const Vector a = on_sphere(from), b = on_sphere(to), way{b.x - a.x, b.y - a.y, b.z - a.z};
  const Vector east{-std::sin(lon), std::cos(lon), 0}, north{-std::sin(lat) * std::cos(lon), -std::sin(lat) * std::sin(lon), std::cos(lat)};
  const double e = dot(way, east), n = dot(way, north), length = std::hypot(e, n);
  return length > kNowhere ? Direction{e / length, n / length} : Direction{std::nan(""), std::nan("")};
}

}  // namespace

WindRotation::WindRotation(const Grid& grid) {
  if (grid.is_latlon()) return;
  const CrsTransform to_degrees(grid.crs(), "EPSG:4326");
  for (Plane* p : {&x_east_, &x_north_, &y_east_, &y_north_}) *p = Plane(grid.ny(), grid.nx());
  parallel_for(grid.ny(), kRows, [&](std::int64_t begin, std::int64_t end) {
    const auto n = static_cast<std::size_t>(grid.nx());
    std::vector<Place> places(5 * n);
    for (std::int64_t j = begin; j < end; ++j) {
      const double y = grid.y(static_cast<double>(j));
      for (std::size_t i = 0; i < n; ++i) {
        const double x = grid.x(static_cast<double>(i)), dx = kNudge * grid.dx(), dy = kNudge * grid.dy();
        const std::array<Place, 5> around{{{x, y}, {x - dx, y}, {x + dx, y}, {x, y - dy}, {x, y + dy}}};
        std::copy(around.begin(), around.end(), places.begin() + static_cast<std::ptrdiff_t>(5 * i));
      }
      to_degrees.forward(&places[0].x, &places[0].y, 5 * n, sizeof(Place));
      for (std::size_t i = 0; i < n; ++i) {
        const Place* p = &places[5 * i];
        const Direction along_x = direction(p[0], p[1], p[2]), along_y = direction(p[0], p[3], p[4]);
        x_east_.row(j)[i] = static_cast<float>(along_x.east), x_north_.row(j)[i] = static_cast<float>(along_x.north);
        y_east_.row(j)[i] = static_cast<float>(along_y.east), y_north_.row(j)[i] = static_cast<float>(along_y.north);
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
