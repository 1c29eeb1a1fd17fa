#include "engine/seismic/shaking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/region/ring_moments.h"
#include "engine/regrid/crs_transform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr const char* kDegrees = "EPSG:4326";

bool holds(const Ring& ring, double x, double y) {
  bool in = false;
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    const Point &a = ring[k], &b = ring[k + 1];
    if ((a.y > y) != (b.y > y) && x < a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y)) in = !in;
  }
  return in;
}

// Places on an edge, its end with them and not its beginning, no more than about 2 km apart.
template <class Body>
void along_edge(const Point& from, const Point& to, const Body& body) {
  constexpr double kDegreeKm = 111.2, kApartKm = 2;
  const double east = (to.x - from.x) * std::cos(0.5 * (from.y + to.y) * std::numbers::pi / 180), km = kDegreeKm * std::hypot(east, to.y - from.y);
  const int parts = km > kApartKm && km < 20000 ? static_cast<int>(std::ceil(km / kApartKm)) : 1;
  for (int k = 1; k < parts; ++k) body(from.x + (to.x - from.x) * k / parts, from.y + (to.y - from.y) * k / parts);
  body(to.x, to.y);
}

RegionShaking region_shaking(const IntensityAttenuation& a, const Earthquake& event, const MultiPolygon& shape, const CrsTransform& to_degrees) {
  double highest = -1;
  RingMoments largest;
  for (const Polygon& p : shape) {
    Ring ring = p.outer;
    if (!to_degrees.is_identity() && !ring.empty()) to_degrees.forward(&ring[0].x, &ring[0].y, ring.size(), sizeof(Point));
    if (const RingMoments m = ring_moments(ring); m.area > largest.area) largest = m;
    for (std::size_t k = 0; k < ring.size(); ++k)  // and between corners that lie far apart
      along_edge(ring[k == 0 ? 0 : k - 1], ring[k], [&](double x, double y) {
        if (std::isfinite(x) && std::isfinite(y)) highest = std::max(highest, intensity_at_place(a, event, x, y));
      });
    if (holds(ring, event.longitude, event.latitude)) highest = std::max(highest, intensity_at_place(a, event, event.longitude, event.latitude));
    for (const auto& [x, y] : event.rupture)
      if (holds(ring, x, y)) highest = std::max(highest, intensity_at_place(a, event, x, y));
  }
  if (largest.area == 0) return {kNaN, kNaN, kNaN, kNaN};
  const Point centre{largest.x / largest.area, largest.y / largest.area};
  const double intensity = intensity_at_place(a, event, centre.x, centre.y);
  return {static_cast<float>(from_epicentre(event, centre.x, centre.y).km), static_cast<float>(intensity), static_cast<float>(std::max(highest, intensity)),
          static_cast<float>(peak_acceleration_m_s2(intensity))};
}

}  // namespace

GroundVector from_epicentre(const Earthquake& event, double longitude, double latitude) {
  constexpr double kDegree = std::numbers::pi / 180, kRadius = 6371.0;
  const double p0 = event.latitude * kDegree, p1 = latitude * kDegree, dl = (longitude - event.longitude) * kDegree;
  const double s = std::sin((p1 - p0) / 2), t = std::sin(dl / 2), h = s * s + std::cos(p0) * std::cos(p1) * t * t;
  const double azimuth = std::atan2(std::sin(dl) * std::cos(p1), std::cos(p0) * std::sin(p1) - std::sin(p0) * std::cos(p1) * std::cos(dl));
  return {2 * kRadius * std::asin(std::min(1.0, std::sqrt(h))), azimuth / kDegree};
}

double distance_to_rupture_km(const Earthquake& event, double longitude, double latitude) {
  constexpr double kDegree = 6371.0 * std::numbers::pi / 180;
  const double east = kDegree * std::cos(latitude * std::numbers::pi / 180);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < event.rupture.size(); ++k) {
    const auto [x1, y1] = event.rupture[k];
    const auto [x0, y0] = event.rupture[k == 0 ? 0 : k - 1];
    const double ax = (x0 - longitude) * east, ay = (y0 - latitude) * kDegree, bx = (x1 - x0) * east, by = (y1 - y0) * kDegree, length2 = bx * bx + by * by;
    const double t = length2 > 0 ? std::clamp(-(ax * bx + ay * by) / length2, 0.0, 1.0) : 0;
    least = std::min(least, std::hypot(ax + t * bx, ay + t * by));
  }
  return least;
}

double intensity_at_place(const IntensityAttenuation& a, const Earthquake& event, double longitude, double latitude) {
  if (event.rupture.empty()) {
    const GroundVector v = from_epicentre(event, longitude, latitude);
    return intensity_at(a, event, v.km, v.azimuth - event.strike);
  }
  const double km = distance_to_rupture_km(event, longitude, latitude);
  return std::max(1.0, std::min(a.along.intensity(event.magnitude, km), a.across.intensity(event.magnitude, km)));  // far away the two cross
}

Plane shaking_on_grid(const IntensityAttenuation& attenuation, const Earthquake& event, const Grid& grid) {
  const CrsTransform to_degrees(grid.crs(), kDegrees);
  Plane out(grid.ny(), grid.nx(), kNaN);
  parallel_for(grid.ny(), 8, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Point> row(static_cast<std::size_t>(grid.nx()));
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < grid.nx(); ++i) row[static_cast<std::size_t>(i)] = {grid.x(static_cast<double>(i)), grid.y(static_cast<double>(j))};
      if (!to_degrees.is_identity()) to_degrees.forward(&row[0].x, &row[0].y, row.size(), sizeof(Point));
      for (std::size_t i = 0; i < row.size(); ++i)
        if (std::isfinite(row[i].x) && std::isfinite(row[i].y)) out.row(j)[i] = static_cast<float>(intensity_at_place(attenuation, event, row[i].x, row[i].y));
    }
  });
  return out;
}

std::vector<RegionShaking> shaking_of_regions(const IntensityAttenuation& attenuation, const Earthquake& event, const RegionSet& regions) {
  const CrsTransform to_degrees(regions.crs, kDegrees);
  std::vector<RegionShaking> out(regions.regions.size());
  parallel_for(static_cast<std::int64_t>(out.size()), 16, [&](std::int64_t begin, std::int64_t end) {
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r)
      out[r] = region_shaking(attenuation, event, regions.regions[r].shape, to_degrees);
  });
  return out;
}

}  // namespace guyu
