#include "engine/cells/cell_outline.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <utility>

namespace guyu {
namespace {

// A corner (r, c) is the upper left one of pixel (r, c).
struct Edge {
  std::int32_t row, column, down, right;  // start and direction; the cell lies to the right of it
  bool used = false;
};

bool before(const Edge& a, const Edge& b) { return std::pair(a.row, a.column) < std::pair(b.row, b.column); }

std::vector<Edge> edges_of(const std::vector<CellRun>& runs) {
  const auto inside = [&](std::int32_t row, std::int32_t column) {
    const auto r = std::partition_point(runs.begin(), runs.end(), [&](const CellRun& x) { return std::pair(x.row, x.end) <= std::pair(row, column); });
    return r != runs.end() && r->row == row && r->begin <= column;
  };
  std::vector<Edge> edges;
  for (const CellRun& r : runs) {
    edges.push_back({r.row + 1, r.begin, -1, 0});
    edges.push_back({r.row, r.end, 1, 0});
    for (std::int32_t i = r.begin; i < r.end; ++i) {
      if (!inside(r.row - 1, i)) edges.push_back({r.row, i, 0, 1});
      if (!inside(r.row + 1, i)) edges.push_back({r.row + 1, i + 1, 0, -1});
    }
  }
  std::sort(edges.begin(), edges.end(),
            [](const Edge& a, const Edge& b) { return std::tuple(a.row, a.column, a.down, a.right) < std::tuple(b.row, b.column, b.down, b.right); });
  return edges;
}

double doubled_area(const std::vector<CellPlace>& ring) {
  double sum = 0;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const CellPlace &a = ring[k], &b = ring[(k + 1) % ring.size()];
    sum += a.column * b.row - b.column * a.row;
  }
  return sum;  // above 0: clockwise on a map
}

bool holds(const std::vector<CellPlace>& ring, double row, double column) {
  bool in = false;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const CellPlace &a = ring[k], &b = ring[(k + 1) % ring.size()];
    if ((a.row > row) != (b.row > row) && column < a.column + (row - a.row) / (b.row - a.row) * (b.column - a.column)) in = !in;
  }
  return in;
}

// From one unused edge round to where it began, corners alone.
std::vector<CellPlace> follow(std::vector<Edge>& edges, Edge& start) {
  std::vector<CellPlace> ring;
  Edge* e = &start;
  do {
    e->used = true;
    Edge* next = nullptr;
    const Edge end{e->row + e->down, e->column + e->right, 0, 0};
    for (auto n = std::lower_bound(edges.begin(), edges.end(), end, before); n != edges.end() && !before(end, *n); ++n) {
      const bool turns_right = n->down == e->right && n->right == -e->down;  // stays with its own pixel where two touch at a corner
      if ((!n->used || &*n == &start) && (!next || turns_right)) next = &*n;
    }
    if (next->down != e->down || next->right != e->right) ring.push_back({end.row - 0.5, end.column - 0.5});
    e = next;
  } while (e != &start);
  return ring;
}

}  // namespace

std::vector<CellOutline> cell_outlines(const std::vector<CellRun>& runs) {
  std::vector<Edge> edges = edges_of(runs);
  std::vector<CellOutline> out;
  std::vector<std::vector<CellPlace>> holes;
  for (Edge& e : edges) {
    if (e.used) continue;
    std::vector<CellPlace> ring = follow(edges, e);
    if (doubled_area(ring) > 0) out.push_back({std::move(ring), {}});
    else holes.push_back(std::move(ring));
  }
  for (auto& hole : holes) {
    // Just inside the hole's first edge: half a step from any corner, and on no edge of another ring.
    const CellPlace &a = hole[0], &b = hole[1];
    const double length = std::max(std::abs(b.row - a.row), std::abs(b.column - a.column));
    const double row = a.row + 0.5 * (b.row - a.row) / length, column = a.column + 0.5 * (b.column - a.column) / length;
    for (CellOutline& o : out) {
      if (!holds(o.outer, row, column)) continue;
      o.holes.push_back(std::move(hole));
      break;
    }
  }
  return out;
}

}  // namespace guyu
