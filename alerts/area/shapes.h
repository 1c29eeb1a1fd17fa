#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/region/region_set.h"

// GEOS behind owning handles; one context per object, so it is used by one thread at a time.
struct GEOSGeom_t;
struct GEOSContextHandle_HS;

namespace guyu {

using GeometryHandle = std::unique_ptr<GEOSGeom_t, std::function<void(GEOSGeom_t*)>>;

class GeosContext {
 public:
  GeosContext();
  ~GeosContext();
  GeosContext(const GeosContext&) = delete;
  GeosContext& operator=(const GeosContext&) = delete;
  GEOSContextHandle_HS* get() const { return handle_; }
  // Takes ownership; throws Error when GEOS gave nothing, with its own message.
  GeometryHandle own(GEOSGeom_t* geometry);
  GeometryHandle from(const MultiPolygon& shape);     // made valid
  bool is_valid(const MultiPolygon& shape);           // no ring crosses itself or another
  MultiPolygon polygons(const GEOSGeom_t* geometry);  // lines and points are dropped

 private:
  GeometryHandle as_given(const MultiPolygon& shape);
  static void remember(const char* message, void* self);
  GEOSContextHandle_HS* handle_;
  std::string message_;
};

struct OutlineOptions {
  double tolerance = 0.001;  // of the simplification, CRS units; doubled until max_points is held
  double grid = 1e-4;        // coordinates are multiples of it
  std::size_t max_points = 2000;
};
struct Outline {
  std::vector<Ring> rings;  // simple, closed, without holes
  double tolerance = 0;     // that was used
};
// The union of the shapes as rings for CAP. Holes are cut out by parting the polygon through them; holes and
// islands smaller than tolerance^2 are omitted.
Outline outline(const std::vector<const MultiPolygon*>& shapes, const OutlineOptions& options);

}  // namespace guyu
