#include "products/map_outline.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kHuge = std::numeric_limits<double>::infinity();
constexpr MapArea kNothing{kHuge, kHuge, -kHuge, -kHuge};

MapArea around(const MapArea& a, Point p) { return {std::min(a.west, p.x), std::min(a.south, p.y), std::max(a.east, p.x), std::max(a.north, p.y)}; }

MapArea ring_bounds(const Ring& ring) {
  MapArea b = kNothing;
  for (const Point& p : ring) b = around(b, p);
  return b;
}

MapArea shifted(MapArea a, double dx) { return {a.west + dx, a.south, a.east + dx, a.north}; }

// Brings rings into the picture. One per thread.
class OutlineMaker {
 public:
  OutlineMaker(const std::string& crs, const MapView& view) : view_(view), transform_(crs, view.crs()), geographic_(is_geographic(crs)) {
    window_ = bounds_in(view.area(), view.crs(), crs);
    const double margin = transform_.identity() ? 0 : 0.1 * std::max(window_.width(), window_.height());
    window_ = {window_.west - margin, window_.south - margin, window_.east + margin, window_.north + margin};
    step_ = 10 * window_.height() / view.box().height;
  }

  void add(const Polygon& polygon, RegionOutline& out) const {
    const MapArea bounds = ring_bounds(polygon.outer);
    for (const double turn : {-360.0, 0.0, 360.0}) {
      if ((turn != 0 && !geographic_) || !window_.touches(shifted(bounds, turn))) continue;
      add_ring(polygon.outer, turn, out);
      for (const Ring& hole : polygon.holes) add_ring(hole, turn, out);
      if (!transform_.identity()) return;  // a projection knows of turns itself
    }
  }

 private:
  void add_ring(const Ring& ring, double turn, RegionOutline& out) const {
    OutlineRing points;
    for (std::size_t k = 0; k < ring.size(); ++k) {
      const Point a = ring[k], b = ring[k + 1 < ring.size() ? k + 1 : k];
      const double length = std::max(std::abs(b.x - a.x), std::abs(b.y - a.y));
      const int n = transform_.identity() ? 1 : static_cast<int>(std::clamp(std::ceil(length / step_), 1.0, 1000.0));
      for (int i = 0; i < n; ++i) append({a.x + (b.x - a.x) * i / n + turn, a.y + (b.y - a.y) * i / n}, points);
    }
    while (points.size() > 1 && points.back() == points.front()) points.pop_back();
    if (points.size() >= 3) out.rings.push_back(std::move(points));
  }
  void append(Point p, OutlineRing& points) const {
    const Point q = view_.to_pixel(transform_.forward(p));
    if (!std::isfinite(q.x) || !std::isfinite(q.y)) return;
    const OutlinePoint snapped{snap(q.x), snap(q.y)};
    if (points.empty() || !(points.back() == snapped)) points.push_back(snapped);
  }
  // Held within what cairo's fixed-point coordinates can hold.
  static std::int32_t snap(double pixel) { return static_cast<std::int32_t>(std::lround(std::clamp(pixel, -1e6, 1e6) * kOutlineSteps)); }

  const MapView& view_;
  MapTransform transform_;
  bool geographic_;
  MapArea window_;   // what the view shows, in the regions' CRS
  double step_ = 1;  // longest edge that is projected as it is
};

// Start and length of the shortest arc of longitudes that holds all intervals, each inside [-180, 180] or so.
MapArea around_the_circle(std::vector<MapArea> boxes, const MapArea& all) {
  std::sort(boxes.begin(), boxes.end(), [](const MapArea& a, const MapArea& b) { return a.west < b.west; });
  double reached = boxes.front().east, widest = boxes.front().west + 360 - all.east, start = boxes.front().west;
  for (const MapArea& b : boxes) {
    if (b.west - reached > widest) widest = b.west - reached, start = b.west;
    reached = std::max(reached, b.east);
  }
  return widest > 0 ? MapArea{start, all.south, start + 360 - widest, all.north} : all;
}

}  // namespace

void trace_outline(cairo_t* cairo, const RegionOutline& outline) {
  for (const OutlineRing& ring : outline.rings) {
    cairo_new_sub_path(cairo);
    for (const OutlinePoint& p : ring) cairo_line_to(cairo, p.x / kOutlineSteps, p.y / kOutlineSteps);
    cairo_close_path(cairo);
  }
}

std::vector<RegionOutline> region_outlines(const RegionSet& regions, const MapView& view) {
  constexpr std::int64_t kRegionsAtOnce = 256;
  const auto n = static_cast<std::int64_t>(regions.regions.size());
  std::vector<RegionOutline> all(regions.regions.size());
  parallel_for(n, kRegionsAtOnce, [&](std::int64_t begin, std::int64_t end) {
    const OutlineMaker maker(regions.crs, view);
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      all[r].region = r;
      for (const Polygon& p : regions.regions[r].shape) maker.add(p, all[r]);
    }
  });
  std::erase_if(all, [](const RegionOutline& o) { return o.rings.empty(); });
  return all;
}

MapArea region_bounds(const RegionSet& regions) {
  MapArea all = kNothing;
  std::vector<MapArea> boxes;
  for (const Region& r : regions.regions) {
    for (const Polygon& p : r.shape) {
      const MapArea b = ring_bounds(p.outer);
      if (!(b.west <= b.east)) continue;
      boxes.push_back(b);
      all = around(around(all, {b.west, b.south}), {b.east, b.north});
    }
  }
  if (boxes.empty()) return {};
  return is_geographic(regions.crs) ? around_the_circle(std::move(boxes), all) : all;
}

MapArea region_bounds_in(const RegionSet& regions, const std::string& crs) {
  const MapTransform transform(regions.crs, crs);
  if (transform.identity()) return region_bounds(regions);
  MapArea all = kNothing;
  for (const Region& r : regions.regions) {
    for (const Polygon& p : r.shape) {
      const MapArea b = ring_bounds(p.outer);
      for (const Point corner : {Point{b.west, b.south}, Point{b.east, b.south}, Point{b.west, b.north}, Point{b.east, b.north}}) {
        const Point q = transform.forward(corner);
        if (std::isfinite(q.x) && std::isfinite(q.y)) all = around(all, q);
      }
    }
  }
  return all.west <= all.east ? all : MapArea{};
}

}  // namespace guyu
