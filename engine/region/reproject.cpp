#include "engine/region/reproject.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {

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

RegionProjector::RegionProjector(const std::string& region_crs, const Grid& grid)
    : transform_(region_crs, grid.crs()), step_(Grid(region_crs, 0, 0, 1, 1, 1, 1).is_latlon() ? 0.05 : 5000.0) {}

MultiPolygon RegionProjector::operator()(const MultiPolygon& shape) const {
  MultiPolygon out;
  const auto bring = [&](const Ring& ring) {
    Ring r = subdivided(ring, step_);
    if (transform_.is_identity() || r.empty()) return r;
    transform_.forward(&r.front().x, &r.front().y, r.size(), sizeof(Point));
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
