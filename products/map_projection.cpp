#include "products/map_projection.h"

#include <geodesic.h>
#include <proj.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/core/grid.h"

namespace guyu {
namespace {

// PROJ wants "+type=crs" to treat a PROJ string as a CRS.
std::string as_crs(const std::string& crs) { return crs.rfind("+proj=", 0) == 0 && crs.find("+type=crs") == std::string::npos ? crs + " +type=crs" : crs; }

}  // namespace

void MapTransform::Release::operator()(pj_ctx* c) const { proj_context_destroy(c); }
void MapTransform::Release::operator()(PJconsts* p) const { proj_destroy(p); }

MapTransform::MapTransform(const std::string& from, const std::string& to) {
  if (from == to || (is_geographic(from) && is_geographic(to))) return;
  context_.reset(proj_context_create());
  proj_log_level(context_.get(), PJ_LOG_NONE);
  const std::unique_ptr<PJconsts, Release> raw(proj_create_crs_to_crs(context_.get(), as_crs(from).c_str(), as_crs(to).c_str(), nullptr));
  if (raw) pj_.reset(proj_normalize_for_visualization(context_.get(), raw.get()));
  if (!pj_) throw Error("", "PROJ has no way from '" + from + "' to '" + to + "'");
}

Point MapTransform::forward(Point p) const {
  if (!pj_) return p;
  const PJ_COORD c = proj_trans(pj_.get(), PJ_FWD, proj_coord(p.x, p.y, 0, 0));
  return {c.xy.x, c.xy.y};
}

Point MapTransform::inverse(Point p) const {
  if (!pj_) return p;
  const PJ_COORD c = proj_trans(pj_.get(), PJ_INV, proj_coord(p.x, p.y, 0, 0));
  return {c.xy.x, c.xy.y};
}

bool is_geographic(const std::string& crs) { return Grid(crs, 0, 0, 1, 1, 1, 1).is_latlon(); }

MapArea bounds_in(const MapArea& area, const std::string& from, const std::string& to) {
  const MapTransform transform(from, to);
  if (transform.identity()) return area;
  constexpr int kPoints = 40;  // a side
  constexpr double kHuge = std::numeric_limits<double>::infinity();
  MapArea out{kHuge, kHuge, -kHuge, -kHuge};
  for (int j = 0; j <= kPoints; ++j) {
    for (int i = 0; i <= kPoints; ++i) {
      const Point p = transform.forward({area.west + area.width() * i / kPoints, area.south + area.height() * j / kPoints});
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      out = {std::min(out.west, p.x), std::min(out.south, p.y), std::max(out.east, p.x), std::max(out.north, p.y)};
    }
  }
  return out;
}

double ground_distance(Point a, Point b) {
  geod_geodesic ellipsoid;
  geod_init(&ellipsoid, 6378137.0, 1 / 298.257223563);
  double metres = 0;
  geod_inverse(&ellipsoid, a.y, a.x, b.y, b.x, &metres, nullptr, nullptr);
  return metres;
}

}  // namespace guyu
