#include "engine/region/region_place.h"

#include <cmath>
#include <numbers>

#include "engine/core/error.h"
#include "engine/region/ring_moments.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {
namespace {

constexpr double kEarth_km = 6371.0, kRadian = std::numbers::pi / 180;

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
      RingMoments m = ring_moments(in_degrees(p.outer, to_degrees));
      for (const Ring& hole : p.holes) {
        const RingMoments h = ring_moments(in_degrees(hole, to_degrees));
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
