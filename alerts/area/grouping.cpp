#include "alerts/area/grouping.h"

#include <geos_c.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "alerts/area/shapes.h"

namespace guyu {
namespace {

struct Box {
  double x0 = 1e300, y0 = 1e300, x1 = -1e300, y1 = -1e300;
  double middle(bool in_x) const { return in_x ? (x0 + x1) / 2 : (y0 + y1) / 2; }
};

Box box_of(const MultiPolygon& shape) {
  Box b;
  for (const Polygon& p : shape) {
    for (const Point& q : p.outer) {
      b.x0 = std::min(b.x0, q.x), b.x1 = std::max(b.x1, q.x);
      b.y0 = std::min(b.y0, q.y), b.y1 = std::max(b.y1, q.y);
    }
  }
  return b;
}

// Orders [begin, end) so that each half, recursively, is one side of a cut across the longer extent.
void order_as_tree(std::vector<std::uint32_t>& order, std::size_t begin, std::size_t end, const std::vector<Box>& boxes) {
  if (end - begin < 2) return;
  Box extent;
  for (std::size_t i = begin; i < end; ++i) {
    const Box& b = boxes[order[i]];
    extent.x0 = std::min(extent.x0, b.middle(true)), extent.x1 = std::max(extent.x1, b.middle(true));
    extent.y0 = std::min(extent.y0, b.middle(false)), extent.y1 = std::max(extent.y1, b.middle(false));
  }
  const bool in_x = extent.x1 - extent.x0 >= extent.y1 - extent.y0;
  const std::size_t middle = (begin + end) / 2;
  const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
  std::nth_element(at(begin), at(middle), at(end),
                   [&](std::uint32_t a, std::uint32_t b) { return std::make_pair(boxes[a].middle(in_x), a) < std::make_pair(boxes[b].middle(in_x), b); });
  order_as_tree(order, begin, middle, boxes);
  order_as_tree(order, middle, end, boxes);
}

struct Candidates {
  std::uint32_t self;
  std::vector<std::uint32_t> found;
};

}  // namespace

RegionGraph::RegionGraph(const RegionSet& regions, double tolerance) : neighbours_(regions.regions.size()), place_(regions.regions.size()) {
  const std::size_t n = regions.regions.size();
  GeosContext geos;
  const auto h = geos.get();
  std::vector<Box> boxes(n);
  std::vector<GeometryHandle> shapes(n), windows(n);
  std::vector<std::uint32_t> numbers(n);
  const std::unique_ptr<GEOSSTRtree, std::function<void(GEOSSTRtree*)>> tree(GEOSSTRtree_create_r(h, 10), [h](GEOSSTRtree* t) { GEOSSTRtree_destroy_r(h, t); });
  for (std::size_t i = 0; i < n; ++i) {
    numbers[i] = static_cast<std::uint32_t>(i);
    boxes[i] = box_of(regions.regions[i].shape);
    const Box& b = boxes[i];
    if (b.x0 > b.x1) continue;  // no outline, so no neighbours
    shapes[i] = geos.from(regions.regions[i].shape);
    windows[i] = geos.own(GEOSGeom_createRectangle_r(h, b.x0 - tolerance, b.y0 - tolerance, b.x1 + tolerance, b.y1 + tolerance));
    GEOSSTRtree_insert_r(h, tree.get(), shapes[i].get(), &numbers[i]);
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!shapes[i]) continue;
    Candidates near{numbers[i], {}};
    GEOSSTRtree_query_r(
        h, tree.get(), windows[i].get(),
        [](void* item, void* data) {
          auto& c = *static_cast<Candidates*>(data);
          const std::uint32_t other = *static_cast<std::uint32_t*>(item);
          if (other > c.self) c.found.push_back(other);
        },
        &near);
    if (near.found.empty()) continue;
    const std::unique_ptr<const GEOSPreparedGeometry, std::function<void(const GEOSPreparedGeometry*)>> prepared(
        GEOSPrepare_r(h, shapes[i].get()), [h](const GEOSPreparedGeometry* p) { GEOSPreparedGeom_destroy_r(h, p); });
    for (const std::uint32_t j : near.found) {
      if (GEOSPreparedDistanceWithin_r(h, prepared.get(), shapes[j].get(), tolerance) != 1) continue;
      neighbours_[i].push_back(j);
      neighbours_[j].push_back(numbers[i]);
    }
  }
  for (auto& list : neighbours_) std::sort(list.begin(), list.end());
  std::vector<std::uint32_t> order = numbers;
  order_as_tree(order, 0, n, boxes);
  for (std::size_t i = 0; i < n; ++i) place_[order[i]] = static_cast<std::uint32_t>(i);
}

RegionGroups RegionGraph::flat_groups(const std::vector<std::size_t>& regions, std::size_t cap) const {
  enum : char { outside, waiting, taken };
  std::vector<char> state(size(), outside);
  for (const std::size_t r : regions) state[r] = waiting;
  std::vector<std::size_t> found;  // component after component, then in parts
  found.reserve(regions.size());
  struct Part {
    std::size_t first, begin, end;  // first: its lowest member; the others are places in `found`
  };
  std::vector<Part> parts;
  // Halves [begin, end) along the nodes [low, high) of the tree until the cap holds.
  const std::function<void(std::size_t, std::size_t, std::size_t, std::size_t)> part = [&](std::size_t begin, std::size_t end, std::size_t low,
                                                                                           std::size_t high) {
    if (begin == end) return;
    const auto at = [&](std::size_t i) { return found.begin() + static_cast<std::ptrdiff_t>(i); };
    if (end - begin <= std::max<std::size_t>(cap, 1)) {
      std::sort(at(begin), at(end));
      parts.push_back({found[begin], begin, end});
      return;
    }
    const std::size_t middle = (low + high) / 2;
    const auto right = std::partition(at(begin), at(end), [&](std::size_t r) { return place_[r] < middle; });
    const auto cut = static_cast<std::size_t>(right - found.begin());
    part(begin, cut, low, middle);
    part(cut, end, middle, high);
  };
  for (const std::size_t start : regions) {
    if (state[start] != waiting) continue;
    const std::size_t begin = found.size();
    found.push_back(start);
    state[start] = taken;
    for (std::size_t next = begin; next < found.size(); ++next) {
      for (const std::uint32_t other : neighbours_[found[next]]) {
        if (state[other] != waiting) continue;
        state[other] = taken;
        found.push_back(other);
      }
    }
    part(begin, found.size(), 0, size());
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.first < b.first; });
  RegionGroups groups;
  groups.members.reserve(found.size());
  groups.begins.reserve(parts.size() + 1);
  for (const Part& p : parts) {
    groups.begins.push_back(groups.members.size());
    for (std::size_t i = p.begin; i < p.end; ++i) groups.members.push_back(found[i]);
  }
  groups.begins.push_back(groups.members.size());
  return groups;
}

std::vector<std::vector<std::size_t>> RegionGraph::groups(const std::vector<std::size_t>& regions, std::size_t cap) const {
  const RegionGroups flat = flat_groups(regions, cap);
  std::vector<std::vector<std::size_t>> result;
  for (std::size_t g = 0; g < flat.size(); ++g) {
    const auto at = [&](std::size_t i) { return flat.members.begin() + static_cast<std::ptrdiff_t>(i); };
    result.emplace_back(at(flat.begins[g]), at(flat.begins[g + 1]));
  }
  return result;
}

}  // namespace guyu
