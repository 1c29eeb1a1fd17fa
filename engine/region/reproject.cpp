#include "engine/region/reproject.h"

#include <proj.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/core/error.h"

namespace guyu {
namespace {

struct Transform {
  std::unique_ptr<PJ_CONTEXT, decltype(&proj_context_destroy)> context{nullptr, proj_context_destroy};
  std::unique_ptr<PJ, decltype(&proj_destroy)> pj{nullptr, proj_destroy};
};

// PROJ wants "+type=crs" to treat a PROJ string as a CRS; ob_tran strings then work like the others.
std::string as_crs(const std::string& crs) {
  return crs.rfind("+proj=", 0) == 0 && crs.find("+type=crs") == std::string::npos ? crs + " +type=crs" : crs;
}

Transform make_transform(const std::string& from, const std::string& to) {
  Transform t;
  t.context.reset(proj_context_create());
  proj_log_level(t.context.get(), PJ_LOG_NONE);
  std::unique_ptr<PJ, decltype(&proj_destroy)> raw(proj_create_crs_to_crs(t.context.get(), as_crs(from).c_str(), as_crs(to).c_str(), nullptr), proj_destroy);
  if (raw) t.pj.reset(proj_normalize_for_visualization(t.context.get(), raw.get()));
  if (!t.pj) throw Error("", "PROJ has no way from '" + from + "' to '" + to + "'");
  return t;
}

bool is_geographic(const std::string& crs) {
  return Grid(crs, 0, 0, 1, 1, 1, 1).is_latlon();
}

Ring subdivided(const Ring& ring, double step) {
  Ring out;
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    const Point a = ring[k], b = ring[k + 1];
    const double length = std::max(std::abs(b.x - a.x), std::abs(b.y - a.y));
    const int n = std::max(1, static_cast<int>(std::min(10000.0, std::ceil(length / step))));
    for (int i = 0; i < n; ++i) out.push_back({a.x + (b.x - a.x) * i / n, a.y + (b.y - a.y) * i / n});
  }
  if (!ring.empty()) out.push_back(ring.back());
  return out;
}

}  // namespace

RegionProjector::RegionProjector(std::string region_crs, const Grid& grid) : from_(std::move(region_crs)), to_(grid.crs()) {
  const bool geographic = is_geographic(from_);
  same_ = from_ == to_ || (geographic && grid.is_latlon());
  step_ = geographic ? 0.05 : 5000.0;
  if (!same_) make_transform(from_, to_);
}

MultiPolygon RegionProjector::operator()(const MultiPolygon& shape) const {
  MultiPolygon out;
  Transform t;
  if (!same_) t = make_transform(from_, to_);  // PROJ contexts belong to one thread
  const auto bring = [&](const Ring& ring) {
    Ring r = subdivided(ring, step_);
    if (same_) return r;
    for (Point& p : r) {
      const PJ_COORD c = proj_trans(t.pj.get(), PJ_FWD, proj_coord(p.x, p.y, 0, 0));
      p = {c.xy.x, c.xy.y};
    }
    std::erase_if(r, [](const Point& p) { return !std::isfinite(p.x) || !std::isfinite(p.y); });
    if (!r.empty()) r.push_back(r.front());
    return r;
  };
  for (const Polygon& p : shape) {
    Polygon q;
    q.outer = bring(p.outer);
    for (const Ring& hole : p.holes) q.holes.push_back(bring(hole));
    if (q.outer.size() >= 4) out.push_back(std::move(q));
  }
  return out;
}

}  // namespace guyu
