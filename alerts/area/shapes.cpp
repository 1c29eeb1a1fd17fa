#include "alerts/area/shapes.h"

#include <geos_c.h>

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"

namespace guyu {

GeosContext::GeosContext() : handle_(GEOS_init_r()) {
  GEOSContext_setErrorMessageHandler_r(handle_, remember, this);
}
GeosContext::~GeosContext() { GEOS_finish_r(handle_); }

void GeosContext::remember(const char* message, void* self) {
  static_cast<GeosContext*>(self)->message_ = message;
}

GeometryHandle GeosContext::own(GEOSGeom_t* geometry) {
  if (!geometry) throw Error("", "GEOS cannot work on an outline: " + message_);
  return GeometryHandle(geometry, [h = handle_](GEOSGeom_t* g) { GEOSGeom_destroy_r(h, g); });
}

namespace {
GEOSGeometry* linear_ring(GEOSContextHandle_t h, const Ring& ring) {
  GEOSCoordSequence* s = GEOSCoordSeq_create_r(h, static_cast<unsigned>(ring.size()), 2);
  for (unsigned i = 0; i < ring.size(); ++i) GEOSCoordSeq_setXY_r(h, s, i, ring[i].x, ring[i].y);
  return GEOSGeom_createLinearRing_r(h, s);
}

Ring ring_points(GEOSContextHandle_t h, const GEOSGeometry* ring) {
  const GEOSCoordSequence* s = GEOSGeom_getCoordSeq_r(h, ring);
  unsigned n = 0;
  GEOSCoordSeq_getSize_r(h, s, &n);
  Ring points(n);
  for (unsigned i = 0; i < n; ++i) GEOSCoordSeq_getXY_r(h, s, i, &points[i].x, &points[i].y);
  return points;
}
}  // namespace

GeometryHandle GeosContext::from(const MultiPolygon& shape) {
  std::vector<GEOSGeometry*> parts;
  for (const Polygon& p : shape) {
    if (p.outer.size() < 4) continue;
    std::vector<GEOSGeometry*> holes;
    for (const Ring& hole : p.holes) {
      if (hole.size() >= 4) holes.push_back(linear_ring(handle_, hole));
    }
    GEOSGeometry* outer = linear_ring(handle_, p.outer);
    GEOSGeometry* polygon = outer ? GEOSGeom_createPolygon_r(handle_, outer, holes.data(), static_cast<unsigned>(holes.size())) : nullptr;
    if (polygon) parts.push_back(polygon);
  }
  GeometryHandle all = own(GEOSGeom_createCollection_r(handle_, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())));
  if (GEOSisValid_r(handle_, all.get()) == 1) return all;
  return own(GEOSMakeValid_r(handle_, all.get()));
}

MultiPolygon GeosContext::polygons(const GEOSGeom_t* geometry) {
  MultiPolygon found;
  const int type = GEOSGeomTypeId_r(handle_, geometry);
  if (type == GEOS_POLYGON) {
    if (GEOSisEmpty_r(handle_, geometry) == 1) return found;
    Polygon p;
    p.outer = ring_points(handle_, GEOSGetExteriorRing_r(handle_, geometry));
    for (int i = 0; i < GEOSGetNumInteriorRings_r(handle_, geometry); ++i) {
      p.holes.push_back(ring_points(handle_, GEOSGetInteriorRingN_r(handle_, geometry, i)));
    }
    found.push_back(std::move(p));
  } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    for (int i = 0; i < GEOSGetNumGeometries_r(handle_, geometry); ++i) {
      for (Polygon& p : polygons(GEOSGetGeometryN_r(handle_, geometry, i))) found.push_back(std::move(p));
    }
  }
  return found;
}

namespace {

double area(const Ring& ring) {
  double twice = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) twice += ring[i].x * ring[i + 1].y - ring[i + 1].x * ring[i].y;
  return std::abs(twice) / 2;
}

struct Span {
  double x0 = 1e300, x1 = -1e300, y0 = 1e300, y1 = -1e300;
};
Span span_of(const Ring& ring) {
  Span s;
  for (const Point& p : ring) {
    s.x0 = std::min(s.x0, p.x), s.x1 = std::max(s.x1, p.x);
    s.y0 = std::min(s.y0, p.y), s.y1 = std::max(s.y1, p.y);
  }
  return s;
}

class Outliner {
 public:
  explicit Outliner(const OutlineOptions& options) : options_(options) {}

  GeometryHandle united(const std::vector<const MultiPolygon*>& shapes) {
    std::vector<GEOSGeometry*> parts;
    for (const MultiPolygon* shape : shapes) parts.push_back(geos_.from(*shape).release());
    const auto all = geos_.own(GEOSGeom_createCollection_r(geos_.get(), GEOS_GEOMETRYCOLLECTION, parts.data(), static_cast<unsigned>(parts.size())));
    return geos_.own(GEOSUnaryUnion_r(geos_.get(), all.get()));
  }

  std::vector<Ring> rings(const GEOSGeometry* whole, double tolerance) {
    const auto simple = geos_.own(GEOSTopologyPreserveSimplify_r(geos_.get(), whole, tolerance));
    const auto snapped = geos_.own(GEOSGeom_setPrecision_r(geos_.get(), simple.get(), options_.grid, 0));
    std::vector<Ring> found;
    for (Polygon& p : geos_.polygons(snapped.get())) cut(std::move(p), tolerance * tolerance, found, 0);
    if (found.empty()) {  // all of it is smaller than the tolerance: keep the largest piece as it is
      MultiPolygon parts = geos_.polygons(whole);
      const auto largest = std::max_element(parts.begin(), parts.end(), [](const Polygon& a, const Polygon& b) { return area(a.outer) < area(b.outer); });
      if (largest != parts.end()) found.push_back(largest->outer);
    }
    return found;
  }

 private:
  void cut(Polygon p, double smallest, std::vector<Ring>& found, int depth) {
    if (area(p.outer) < smallest || p.outer.size() < 4) return;
    std::erase_if(p.holes, [&](const Ring& hole) { return area(hole) < smallest; });
    if (p.holes.empty() || depth > 40) {
      found.push_back(std::move(p.outer));
      return;
    }
    const Span hole = span_of(p.holes[p.holes.size() / 2]), all = span_of(p.outer);
    const double middle = std::round((hole.x0 + hole.x1) / 2 / options_.grid) * options_.grid;
    const auto whole = geos_.from({p});
    for (const bool left : {true, false}) {
      const double x0 = left ? all.x0 - 1 : middle, x1 = left ? middle : all.x1 + 1, y0 = all.y0 - 1, y1 = all.y1 + 1;
      const auto half = geos_.from({{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}, {}}});
      const auto piece = geos_.own(GEOSIntersectionPrec_r(geos_.get(), whole.get(), half.get(), options_.grid));
      for (Polygon& q : geos_.polygons(piece.get())) cut(std::move(q), smallest, found, depth + 1);
    }
  }

  OutlineOptions options_;
  GeosContext geos_;
};

}  // namespace

Outline outline(const std::vector<const MultiPolygon*>& shapes, const OutlineOptions& options) {
  Outliner outliner(options);
  const auto whole = outliner.united(shapes);
  Outline result;
  for (result.tolerance = options.tolerance;; result.tolerance *= 2) {
    result.rings = outliner.rings(whole.get(), result.tolerance);
    std::size_t points = 0;
    for (const Ring& ring : result.rings) points += ring.size();
    if (points <= options.max_points || result.tolerance > 64 * options.tolerance) return result;
  }
}

}  // namespace guyu
