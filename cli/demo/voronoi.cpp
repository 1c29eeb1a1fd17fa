#include "cli/demo/voronoi.h"

#include <geos_c.h>

#include <memory>

#include "engine/core/error.h"

namespace guyu::cli::demo {
namespace {

struct Geos {
  GEOSContextHandle_t handle = GEOS_init_r();
  Geos() = default;
  ~Geos() { GEOS_finish_r(handle); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
};

struct Free {
  GEOSContextHandle_t handle;
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(handle, g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Free>;

Geometry owned(const Geos& geos, GEOSGeometry* g) {
  if (!g) throw Error("", "GEOS cannot make the Voronoi diagram of the seeds");
  return {g, Free{geos.handle}};
}

// The seeds as the points of a line; GEOS only looks at the points.
Geometry points(const Geos& geos, const std::vector<Point>& seeds) {
  GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(geos.handle, static_cast<unsigned>(seeds.size()), 2);
  for (unsigned k = 0; k < seeds.size(); ++k) GEOSCoordSeq_setXY_r(geos.handle, sequence, k, seeds[k].x, seeds[k].y);
  return owned(geos, GEOSGeom_createLineString_r(geos.handle, sequence));
}

Ring outer_ring(const Geos& geos, const GEOSGeometry* polygon) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos.handle, GEOSGetExteriorRing_r(geos.handle, polygon));
  unsigned n = 0;
  GEOSCoordSeq_getSize_r(geos.handle, sequence, &n);
  Ring ring(n);
  for (unsigned k = 0; k < n; ++k) GEOSCoordSeq_getXY_r(geos.handle, sequence, k, &ring[k].x, &ring[k].y);
  return ring;
}

// Crossing number of the ring around the point.
bool holds(const Ring& ring, const Point& p) {
  bool inside = false;
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    const Point &a = ring[k], &b = ring[k + 1];
    if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

}  // namespace

std::vector<Ring> voronoi_cells(const std::vector<Point>& seeds) {
  const Geos geos;
  const Geometry diagram = owned(geos, GEOSVoronoiDiagram_r(geos.handle, points(geos, seeds).get(), nullptr, 0, 0));
  // GEOS gives the cells in an order of its own.
  std::vector<Ring> cells(seeds.size());
  const int n = GEOSGetNumGeometries_r(geos.handle, diagram.get());
  for (int k = 0; k < n; ++k) {
    Ring ring = outer_ring(geos, GEOSGetGeometryN_r(geos.handle, diagram.get(), k));
    for (std::size_t s = 0; s < seeds.size(); ++s) {
      if (!cells[s].empty() || !holds(ring, seeds[s])) continue;
      cells[s] = std::move(ring);
      break;
    }
  }
  for (const Ring& ring : cells)
    if (ring.empty()) throw Error("", "two seeds of the Voronoi diagram coincide");
  return cells;
}

}  // namespace guyu::cli::demo
