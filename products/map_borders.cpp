#include "products/map_borders.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace guyu {
namespace {

OutlinePoint next_in(const OutlineRing& ring, std::size_t k) { return ring[k + 1 < ring.size() ? k + 1 : 0]; }

// Numbers from 1 for the regions' parents; all 0 when no parent is known.
std::vector<std::uint32_t> parent_numbers(const RegionSet& regions) {
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<std::uint32_t> out;
  bool known = false;
  for (const Region& r : regions.regions) {
    known = known || !r.parent.empty();
    out.push_back(numbers.try_emplace(r.parent, static_cast<std::uint32_t>(numbers.size()) + 1).first->second);
  }
  if (!known) std::fill(out.begin(), out.end(), 0);
  return out;
}

// Which parent owns each pixel, painted as 24-bit colours without smoothing. Neighbours are found by looking across a border
// instead of by equal vertices, for many files draw a common border twice with different ones.
class ParentRaster {
 public:
  ParentRaster(int width, int height, std::span<const RegionOutline> outlines, const std::vector<std::uint32_t>& parents)
      : width_(width), height_(height), image_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height), cairo_surface_destroy) {
    const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> c(cairo_create(image_.get()), cairo_destroy);
    cairo_set_antialias(c.get(), CAIRO_ANTIALIAS_NONE);
    cairo_set_fill_rule(c.get(), CAIRO_FILL_RULE_EVEN_ODD);
    for (const RegionOutline& o : outlines) {
      const std::uint32_t p = parents[o.region];
      cairo_set_source_rgb(c.get(), (p >> 16 & 255) / 255.0, (p >> 8 & 255) / 255.0, (p & 255) / 255.0);
      trace_outline(c.get(), o);
      cairo_fill(c.get());
    }
    cairo_surface_flush(image_.get());
  }
  // 0 outside all regions; `otherwise` outside the picture.
  std::uint32_t at(double x, double y, std::uint32_t otherwise) const {
    if (!(x >= 0 && y >= 0 && x < width_ && y < height_)) return otherwise;
    const unsigned char* row = cairo_image_surface_get_data(image_.get()) + static_cast<int>(y) * cairo_image_surface_get_stride(image_.get());
    return reinterpret_cast<const std::uint32_t*>(row)[static_cast<int>(x)] & 0xffffff;
  }
  // Whether another parent, or none, lies on either side of the edge from a to b.
  bool borders_other(OutlinePoint a, OutlinePoint b, std::uint32_t own) const {
    constexpr double kAcross = 1.5;  // pixels; farther than the gaps of badly fitting borders
    const double dx = (b.x - a.x) / kOutlineSteps, dy = (b.y - a.y) / kOutlineSteps, length = std::hypot(dx, dy);
    const double x = (a.x + b.x) / 2.0 / kOutlineSteps, y = (a.y + b.y) / 2.0 / kOutlineSteps;
    const double nx = -dy / length * kAcross, ny = dx / length * kAcross;
    return at(x + nx, y + ny, own) != own || at(x - nx, y - ny, own) != own;
  }

 private:
  int width_, height_;
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> image_;
};

struct Edge {
  std::uint64_t a, b;  // packed points, a < b: the same for both neighbours
  bool operator==(const Edge&) const = default;
};
struct EdgeHash {
  std::size_t operator()(const Edge& e) const {
    const std::uint64_t h = e.a * 0x9e3779b97f4a7c15ull ^ (e.b + 0x7f4a7c15ull) * 0xc2b2ae3d27d4eb4full;
    return static_cast<std::size_t>(h ^ h >> 29);
  }
};

Edge edge_between(OutlinePoint p, OutlinePoint q) {
  const auto packed = [](OutlinePoint o) { return static_cast<std::uint64_t>(static_cast<std::uint32_t>(o.x)) << 32 | static_cast<std::uint32_t>(o.y); };
  const std::uint64_t a = packed(p), b = packed(q);
  return a < b ? Edge{a, b} : Edge{b, a};
}

// Strokes edges as long lines, each edge once.
class BorderPen {
 public:
  explicit BorderPen(cairo_t* cairo) : cairo_(cairo) {}

  template <typename Wanted>
  void draw(const OutlineRing& ring, Wanted&& wanted) {
    bool pen_down = false;
    for (std::size_t k = 0; k < ring.size(); ++k) {
      const OutlinePoint a = ring[k], b = next_in(ring, k);
      const bool draws = wanted(a, b) && drawn_.insert(edge_between(a, b)).second;
      if (draws && !pen_down) cairo_move_to(cairo_, a.x / kOutlineSteps, a.y / kOutlineSteps);
      if (draws) cairo_line_to(cairo_, b.x / kOutlineSteps, b.y / kOutlineSteps);
      pen_down = draws;
    }
    cairo_stroke(cairo_);
  }

 private:
  cairo_t* cairo_;
  std::unordered_set<Edge, EdgeHash> drawn_;
};

void draw_all(cairo_t* cairo, std::span<const RegionOutline> outlines) {
  BorderPen pen(cairo);
  for (const RegionOutline& o : outlines) {
    for (const OutlineRing& ring : o.rings) pen.draw(ring, [](OutlinePoint, OutlinePoint) { return true; });
  }
}

void draw_between_parents(const MapCanvas& canvas, std::span<const RegionOutline> outlines, const std::vector<std::uint32_t>& parents) {
  const ParentRaster raster(canvas.width(), canvas.height(), outlines, parents);
  BorderPen pen(canvas.cairo());
  for (const RegionOutline& o : outlines) {
    for (const OutlineRing& ring : o.rings) pen.draw(ring, [&](OutlinePoint a, OutlinePoint b) { return raster.borders_other(a, b, parents[o.region]); });
  }
}

}  // namespace

BorderStyle border_style(const PixelBox& box, const RegionSet& regions, std::span<const RegionOutline> outlines, double unit) {
  std::unordered_set<std::string_view> parents;
  for (const RegionOutline& o : outlines) parents.insert(regions.regions[o.region].parent);
  const auto side = [&](std::size_t n) { return std::sqrt(box.width * box.height / static_cast<double>(std::max<std::size_t>(n, 1))); };  // pixels
  BorderStyle style;
  style.region_width = std::clamp(0.02 * side(outlines.size()), 0.35 * unit, 0.9 * unit);
  style.parent_width = std::clamp(0.013 * side(parents.size()), 0.6 * unit, 1.7 * unit);
  return style;
}

void draw_borders(const MapCanvas& canvas, std::span<const RegionOutline> outlines, const RegionSet& regions, const BorderStyle& style) {
  cairo_t* c = canvas.cairo();
  cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
  canvas.color(style.region_color);
  cairo_set_line_width(c, style.region_width);
  draw_all(c, outlines);
  const std::vector<std::uint32_t> parents = parent_numbers(regions);
  if (parents.empty() || parents.front() == 0) return;
  canvas.color(style.parent_color);
  cairo_set_line_width(c, style.parent_width);
  draw_between_parents(canvas, outlines, parents);
}

}  // namespace guyu
