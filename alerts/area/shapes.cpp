#include "alerts/area/shapes.h"

#include <geos_c.h>

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"

namespace guyu {

GeosContext::GeosContext() : handle_(GEOS_init_r()) { GEOSContext_setErrorMessageHandler_r(handle_, remember, this); }
GeosContext::~GeosContext() { GEOS_finish_r(handle_); }

void GeosContext::remember(const char* message, void* self) { static_cast<GeosContext*>(self)->message_ = message; }

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

GeometryHandle GeosContext::as_given(const MultiPolygon& shape) {
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
  return own(GEOSGeom_createCollection_r(handle_, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())));
}

bool GeosContext::is_valid(const MultiPolygon& shape) { return GEOSisValid_r(handle_, as_given(shape).get()) == 1; }

GeometryHandle GeosContext::from(const MultiPolygon& shape) {
  GeometryHandle all = as_given(shape);
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

// Which points of an open line stay (Douglas and Peucker 1973): every other one is within the tolerance of what is left.
void keep_points(const Ring& line, std::size_t first, std::size_t last, double tolerance, std::vector<char>& kept) {
  std::vector<std::pair<std::size_t, std::size_t>> open{{first, last}};
  while (!open.empty()) {
    const auto [a, b] = open.back();
    open.pop_back();
    const double dx = line[b].x - line[a].x, dy = line[b].y - line[a].y, length2 = dx * dx + dy * dy;
    double furthest = tolerance * tolerance;
    std::size_t at = 0;
    for (std::size_t k = a + 1; k < b; ++k) {
      const double px = line[k].x - line[a].x, py = line[k].y - line[a].y;
      const double along = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0.0;
      const double ex = px - along * dx, ey = py - along * dy, distance2 = ex * ex + ey * ey;
      if (distance2 > furthest) {
        furthest = distance2;
        at = k;
      }
    }
    if (at == 0) continue;
    kept[at] = 1;
    open.emplace_back(a, at);
    open.emplace_back(at, b);
  }
}

// A ring with fewer points, on the grid; may cross itself. Fewer than four points when nothing is left of it.
Ring thinned(const Ring& ring, double tolerance, double grid) {
  Ring out;
  if (ring.size() < 4) return out;
  std::size_t opposite = 0;  // the point furthest from the first: both are kept
  double furthest = -1;
  for (std::size_t k = 1; k + 1 < ring.size(); ++k) {
    const double dx = ring[k].x - ring[0].x, dy = ring[k].y - ring[0].y;
    if (dx * dx + dy * dy > furthest) {
      furthest = dx * dx + dy * dy;
      opposite = k;
    }
  }
  std::vector<char> kept(ring.size(), 0);
  kept.front() = kept.back() = kept[opposite] = 1;
  keep_points(ring, 0, opposite, tolerance, kept);
  keep_points(ring, opposite, ring.size() - 1, tolerance, kept);
  for (std::size_t k = 0; k < ring.size(); ++k) {
    if (!kept[k]) continue;
    const Point p{std::round(ring[k].x / grid) * grid, std::round(ring[k].y / grid) * grid};
    if (out.empty() || p.x != out.back().x || p.y != out.back().y) out.push_back(p);
  }
  return out;
}

class Outliner {
 public:
  explicit Outliner(const OutlineOptions& options) : options_(options) {}

  GeometryHandle united(const std::vector<const MultiPolygon*>& shapes) {
    if (shapes.size() == 1) return geos_.from(*shapes.front());  // valid: its parts do not overlap
    std::vector<GEOSGeometry*> parts;
    for (const MultiPolygon* shape : shapes) parts.push_back(geos_.from(*shape).release());
    const auto all = geos_.own(GEOSGeom_createCollection_r(geos_.get(), GEOS_GEOMETRYCOLLECTION, parts.data(), static_cast<unsigned>(parts.size())));
    if (GeometryHandle quick = united_by_edges(all.get())) return quick;
    return geos_.own(GEOSUnaryUnion_r(geos_.get(), all.get()));
  }

  std::vector<Ring> rings(const GEOSGeometry* whole, double tolerance) {
    std::vector<Ring> found;
    for (Polygon& p : simplified(whole, tolerance)) cut(std::move(p), tolerance * tolerance, found, 0);
    if (found.empty()) {  // all of it is smaller than the tolerance: keep the largest piece as it is
      MultiPolygon parts = geos_.polygons(whole);
      const auto largest = std::max_element(parts.begin(), parts.end(), [](const Polygon& a, const Polygon& b) { return area(a.outer) < area(b.outer); });
      if (largest != parts.end()) found.push_back(largest->outer);
    }
    return found;
  }

 private:
  // Regions that share their borders point by point are united by leaving out the shared edges, which is many times faster. What
  // comes out for others is found by its form or its area, and is not taken.
  GeometryHandle united_by_edges(const GEOSGeometry* all) {
    GEOSGeometry* united = GEOSCoverageUnion_r(geos_.get(), all);
    if (!united) return {};
    GeometryHandle whole = geos_.own(united);
    double parts = 0, together = 0;
    GEOSArea_r(geos_.get(), all, &parts);
    GEOSArea_r(geos_.get(), whole.get(), &together);
    if (std::abs(parts - together) > 1e-9 * parts || GEOSisValid_r(geos_.get(), whole.get()) != 1) return {};
    return whole;
  }

  // Thinning each ring for itself is many times faster than GEOS's way, which keeps rings from crossing; that is taken where the
  // quick result does cross, which is seldom.
  MultiPolygon simplified(const GEOSGeometry* whole, double tolerance) {
    MultiPolygon quick;
    for (const Polygon& p : geos_.polygons(whole)) {
      Polygon thin{thinned(p.outer, tolerance, options_.grid), {}};
      if (thin.outer.size() < 4) continue;
      for (const Ring& hole : p.holes) {
        if (Ring h = thinned(hole, tolerance, options_.grid); h.size() >= 4) thin.holes.push_back(std::move(h));
      }
      quick.push_back(std::move(thin));
    }
    if (geos_.is_valid(quick)) return quick;
    const auto simple = geos_.own(GEOSTopologyPreserveSimplify_r(geos_.get(), whole, tolerance));
    const auto snapped = geos_.own(GEOSGeom_setPrecision_r(geos_.get(), simple.get(), options_.grid, 0));
    return geos_.polygons(snapped.get());
  }

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
