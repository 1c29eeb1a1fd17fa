#include "products/map_borders.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

namespace guyu {
namespace {

struct Edge {
  std::uint64_t a, b;  // packed points, a < b: the same for both neighbours
  bool operator==(const Edge&) const = default;
};
struct EdgeHash {
  std::size_t operator()(const Edge& e) const {
    std::uint64_t h = e.a * 0x9e3779b97f4a7c15ull ^ (e.b + 0x7f4a7c15ull) * 0xc2b2ae3d27d4eb4full;
    return static_cast<std::size_t>(h ^ h >> 29);
  }
};
struct EdgeUse {
  int parent = 0;
  int uses = 0;
  bool between_parents = false, drawn = false;
};
using EdgeUses = std::unordered_map<Edge, EdgeUse, EdgeHash>;

std::uint64_t packed(OutlinePoint p) { return static_cast<std::uint64_t>(static_cast<std::uint32_t>(p.x)) << 32 | static_cast<std::uint32_t>(p.y); }

Edge edge_between(OutlinePoint p, OutlinePoint q) {
  const std::uint64_t a = packed(p), b = packed(q);
  return a < b ? Edge{a, b} : Edge{b, a};
}

OutlinePoint next_in(const OutlineRing& ring, std::size_t k) { return ring[k + 1 < ring.size() ? k + 1 : 0]; }

std::vector<int> parent_numbers(const RegionSet& regions) {
  std::unordered_map<std::string_view, int> numbers;
  std::vector<int> out;
  for (const Region& r : regions.regions) out.push_back(numbers.try_emplace(r.parent, static_cast<int>(numbers.size())).first->second);
  return out;
}

EdgeUses edge_uses(std::span<const RegionOutline> outlines, const std::vector<int>& parents) {
  std::size_t points = 0;
  for (const RegionOutline& o : outlines) {
    for (const OutlineRing& ring : o.rings) points += ring.size();
  }
  EdgeUses uses;
  uses.reserve(points);
  for (const RegionOutline& o : outlines) {
    const int parent = parents[o.region];
    for (const OutlineRing& ring : o.rings) {
      for (std::size_t k = 0; k < ring.size(); ++k) {
        EdgeUse& use = uses[edge_between(ring[k], next_in(ring, k))];
        if (use.uses++ == 0)
          use.parent = parent;
        else if (use.parent != parent)
          use.between_parents = true;
      }
    }
  }
  return uses;
}

// Strokes the edges of one kind that no region drew before, as long lines.
class BorderPen {
 public:
  BorderPen(const MapCanvas& canvas, EdgeUses& uses) : cairo_(canvas.cairo()), uses_(uses) {}

  template <typename Wanted>
  void draw(std::span<const RegionOutline> outlines, Wanted&& wanted) {
    for (const RegionOutline& o : outlines) {
      for (const OutlineRing& ring : o.rings) draw(ring, wanted);
    }
  }

 private:
  template <typename Wanted>
  void draw(const OutlineRing& ring, Wanted& wanted) {
    bool pen_down = false;
    for (std::size_t k = 0; k < ring.size(); ++k) {
      const OutlinePoint a = ring[k], b = next_in(ring, k);
      EdgeUse& use = uses_.find(edge_between(a, b))->second;
      const bool draws = !use.drawn && wanted(use);
      if (draws) {
        use.drawn = true;
        if (!pen_down) cairo_move_to(cairo_, a.x / kOutlineSteps, a.y / kOutlineSteps);
        cairo_line_to(cairo_, b.x / kOutlineSteps, b.y / kOutlineSteps);
      }
      pen_down = draws;
    }
    cairo_stroke(cairo_);
  }
  cairo_t* cairo_;
  EdgeUses& uses_;
};

}  // namespace

BorderStyle border_style(const PixelBox& box, std::size_t regions, double unit) {
  const double side = std::sqrt(box.width * box.height / static_cast<double>(std::max<std::size_t>(regions, 1)));  // of a mean region, pixels
  BorderStyle style;
  style.region_width = std::clamp(0.025 * side, 0.4 * unit, 0.9 * unit);
  style.parent_width = std::clamp(0.05 * side, 1.0 * unit, 1.8 * unit);
  return style;
}

void draw_borders(const MapCanvas& canvas, std::span<const RegionOutline> outlines, const RegionSet& regions, const BorderStyle& style) {
  const bool parents_known = std::any_of(regions.regions.begin(), regions.regions.end(), [](const Region& r) { return !r.parent.empty(); });
  EdgeUses uses = edge_uses(outlines, parent_numbers(regions));
  const auto heavy = [&](const EdgeUse& use) { return parents_known && (use.between_parents || use.uses == 1); };
  BorderPen pen(canvas, uses);
  cairo_set_line_join(canvas.cairo(), CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(canvas.cairo(), CAIRO_LINE_CAP_ROUND);
  canvas.color(style.region_color);
  cairo_set_line_width(canvas.cairo(), style.region_width);
  pen.draw(outlines, [&](const EdgeUse& use) { return !heavy(use); });
  canvas.color(style.parent_color);
  cairo_set_line_width(canvas.cairo(), style.parent_width);
  pen.draw(outlines, heavy);
}

}  // namespace guyu
