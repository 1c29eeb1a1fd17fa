#include "engine/region/region_place.h"

#include <cmath>
#include <numbers>

#include "engine/core/error.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {
namespace {

constexpr double kEarth_km = 6371.0, kRadian = std::numbers::pi / 180;

struct RingMoments {
  double area = 0, x = 0, y = 0;  // square degrees, and their moments about the origin
};

RingMoments moments_of(const Ring& ring) {
  RingMoments m;
  if (ring.size() < 4) return m;
  const Point o = ring.front();  // keeps the products small
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    const double x0 = ring[k].x - o.x, y0 = ring[k].y - o.y, x1 = ring[k + 1].x - o.x, y1 = ring[k + 1].y - o.y, cross = x0 * y1 - x1 * y0;
    m.area += cross / 2, m.x += (x0 + x1) * cross / 6, m.y += (y0 + y1) * cross / 6;
  }
  m.x += o.x * m.area, m.y += o.y * m.area;
  if (m.area < 0) m = {-m.area, -m.x, -m.y};
  return m;
}

Ring in_degrees(Ring ring, const CrsTransform& to_degrees) {
  if (!to_degrees.is_identity() && !ring.empty()) to_degrees.forward(&ring[0].x, &ring[0].y, ring.size(), sizeof(Point));
  return ring;
}

}  // namespace

std::vector<RegionPlace> region_places(const RegionSet& set) {
  if (set.crs.empty())
    throw Error("regions", "it is not known in what coordinates their outlines are, so they have no place on the ground", "name their CRS (--crs)");
  const CrsTransform to_degrees(set.crs, "EPSG:4326");
  std::vector<RegionPlace> places;
  for (const Region& region : set.regions) {
    RegionPlace& place = places.emplace_back();
    GroundPoint sum;
    for (const Polygon& p : region.shape) {
      RingMoments m = moments_of(in_degrees(p.outer, to_degrees));
      for (const Ring& hole : p.holes) {
        const RingMoments h = moments_of(in_degrees(hole, to_degrees));
        m.area -= h.area, m.x -= h.x, m.y -= h.y;
      }
      if (!(m.area > 0) || !std::isfinite(m.area)) continue;
      const double latitude = m.y / m.area, area = m.area * std::pow(kEarth_km * kRadian, 2) * std::cos(latitude * kRadian);
      const GroundPoint g = ground_point(m.x / m.area, latitude);
      sum.x += area * g.x, sum.y += area * g.y, sum.z += area * g.z;
      place.area_km2 += area;
    }
    const double length = std::sqrt(sum.x * sum.x + sum.y * sum.y + sum.z * sum.z);
    if (length > 0) place.centre = {kEarth_km * sum.x / length, kEarth_km * sum.y / length, kEarth_km * sum.z / length};
    else place.area_km2 = 0;
  }
  return places;
}

}  // namespace guyu
