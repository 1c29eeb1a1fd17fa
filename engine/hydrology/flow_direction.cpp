#include "engine/hydrology/flow_direction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "engine/core/error.h"
#include "engine/hydrology/cell_geometry.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int8_t kNone = -3;  // within a flat, not yet known

// The cells of a plane by number, and their neighbours.
struct Cells {
  std::int64_t ny, nx;
  std::int64_t size() const { return ny * nx; }
  // Number of the neighbour, or -1 outside.
  std::int64_t neighbour(std::int64_t cell, int d) const {
    const std::int64_t j = cell / nx + FlowDirections::south[static_cast<std::size_t>(d)], i = cell % nx + FlowDirections::east[static_cast<std::size_t>(d)];
    return j < 0 || i < 0 || j >= ny || i >= nx ? -1 : j * nx + i;
  }
  bool at_border(const Plane& z, std::int64_t cell) const {
    for (int d = 0; d < 8; ++d) {
      const std::int64_t n = neighbour(cell, d);
      if (n < 0 || std::isnan(z.values[static_cast<std::size_t>(n)])) return true;
    }
    return false;
  }
};

// Gives directions to the cells of flats.
class Flats {
 public:
  Flats(const Plane& z, std::vector<std::int8_t>& direction)
      : cells_{z.ny, z.nx}, z_(z), direction_(direction), label_(direction.size(), 0), away_(direction.size(), 0), toward_(direction.size(), 0) {}

  void resolve() {
    std::vector<std::int64_t> low, high;
    for (std::int64_t c = 0; c < cells_.size(); ++c) {
      if (direction(c) == FlowDirections::missing) continue;
      for (int d = 0; d < 8; ++d) {
        const std::int64_t n = cells_.neighbour(c, d);
        if (n < 0) continue;
        if (direction(c) != kNone && direction(n) == kNone && z(n) == z(c)) {
          low.push_back(c);
          break;
        }
        if (direction(c) == kNone && z(n) > z(c)) {
          high.push_back(c);
          break;
        }
      }
    }
    if (low.empty()) return;
    std::int32_t labels = 0;
    for (const std::int64_t c : low)
      if (label_[index(c)] == 0) mark(c, ++labels);
    height_.assign(static_cast<std::size_t>(labels) + 1, 0);
    climb(high, away_, [&](std::int64_t c, std::int32_t step) { height_[static_cast<std::size_t>(label_[index(c)])] = step; });
    climb(low, toward_, [](std::int64_t, std::int32_t) {});
    direct();
  }

 private:
  static std::size_t index(std::int64_t c) { return static_cast<std::size_t>(c); }
  float z(std::int64_t c) const { return z_.values[index(c)]; }
  std::int8_t direction(std::int64_t c) const { return direction_[index(c)]; }

  void mark(std::int64_t start, std::int32_t label) {
    std::vector<std::int64_t> todo{start};
    label_[index(start)] = label;
    while (!todo.empty()) {
      const std::int64_t c = todo.back();
      todo.pop_back();
      for (int d = 0; d < 8; ++d) {
        const std::int64_t n = cells_.neighbour(c, d);
        if (n < 0 || label_[index(n)] != 0 || !(z(n) == z(c))) continue;
        label_[index(n)] = label;
        todo.push_back(n);
      }
    }
  }

  // Steps from the start cells through the undirected cells of the same flat.
  template <class Seen>
  void climb(const std::vector<std::int64_t>& start, std::vector<std::int32_t>& steps, const Seen& seen) {
    std::queue<std::int64_t> todo;
    for (const std::int64_t c : start) {
      if (label_[index(c)] == 0 || steps[index(c)] != 0) continue;
      steps[index(c)] = 1;
      todo.push(c);
    }
    while (!todo.empty()) {
      const std::int64_t c = todo.front();
      todo.pop();
      seen(c, steps[index(c)]);
      for (int d = 0; d < 8; ++d) {
        const std::int64_t n = cells_.neighbour(c, d);
        if (n < 0 || direction(n) != kNone || label_[index(n)] != label_[index(c)] || steps[index(n)] != 0) continue;
        steps[index(n)] = steps[index(c)] + 1;
        todo.push(n);
      }
    }
  }

  // Twice the way out and once the distance from higher ground: the first rules, so that it always falls.
  std::int32_t mask(std::int64_t c) const {
    const std::int32_t away = away_[index(c)];
    return 2 * toward_[index(c)] + (away > 0 ? height_[static_cast<std::size_t>(label_[index(c)])] - away : 0);
  }

  void direct() {
    std::vector<std::int8_t> found(direction_);
    for (std::int64_t c = 0; c < cells_.size(); ++c) {
      if (direction(c) != kNone) continue;
      std::int32_t least = mask(c);
      for (int d = 0; d < 8; ++d) {
        const std::int64_t n = cells_.neighbour(c, d);
        if (n < 0 || label_[index(n)] != label_[index(c)]) continue;
        if (mask(n) < least) least = mask(n), found[index(c)] = static_cast<std::int8_t>(d);
      }
    }
    direction_ = std::move(found);
  }

  Cells cells_;
  const Plane& z_;
  std::vector<std::int8_t>& direction_;
  std::vector<std::int32_t> label_, away_, toward_, height_;
};

}  // namespace

Plane FlowDirections::codes() const {
  Plane p(ny, nx);
  for (std::size_t k = 0; k < direction.size(); ++k)
    p.values[k] = direction[k] == missing  ? std::numeric_limits<float>::quiet_NaN()
                  : direction[k] == outlet ? 0.0F
                                           : static_cast<float>(1 << static_cast<int>(direction[k]));
  return p;
}

Plane fill_depressions(FieldView<const float> elevation) {
  Plane filled(elevation.ny, elevation.nx);
  const Cells cells{elevation.ny, elevation.nx};
  for (std::int64_t j = 0; j < elevation.ny; ++j) std::copy_n(elevation.row(j), elevation.nx, filled.row(j));

  struct Open {
    float z;
    std::int64_t number, cell;  // cells of one height in the order that they came: the result does not depend on the queue
    bool operator<(const Open& o) const { return z != o.z ? z > o.z : number > o.number; }
  };
  std::priority_queue<Open> open;
  std::queue<std::int64_t> pit;
  std::vector<char> closed(filled.values.size(), 0);
  std::int64_t number = 0;
  for (std::int64_t c = 0; c < cells.size(); ++c) {
    if (std::isnan(filled.values[static_cast<std::size_t>(c)])) closed[static_cast<std::size_t>(c)] = 1;
    else if (cells.at_border(filled, c)) {
      closed[static_cast<std::size_t>(c)] = 1;
      open.push({filled.values[static_cast<std::size_t>(c)], number++, c});
    }
  }
  while (!open.empty() || !pit.empty()) {
    std::int64_t c;
    if (!pit.empty()) c = pit.front(), pit.pop();
    else c = open.top().cell, open.pop();
    const float level = filled.values[static_cast<std::size_t>(c)];
    for (int d = 0; d < 8; ++d) {
      const std::int64_t n = cells.neighbour(c, d);
      if (n < 0 || closed[static_cast<std::size_t>(n)]) continue;
      closed[static_cast<std::size_t>(n)] = 1;
      float& z = filled.values[static_cast<std::size_t>(n)];
      if (z <= level) {
        z = level;
        pit.push(n);
      } else {
        open.push({z, number++, n});
      }
    }
  }
  return filled;
}

FlowDirections flow_directions(FieldView<const float> elevation, const Grid& grid) {
  if (elevation.ny != grid.ny() || elevation.nx != grid.nx())
    throw Error("flow directions", "the elevation has not the grid's shape", "give the grid that it is on");
  const Plane z = fill_depressions(elevation);
  const CellGeometry geometry = cell_geometry(grid);
  const Cells cells{z.ny, z.nx};
  FlowDirections out{z.ny, z.nx, std::vector<std::int8_t>(z.values.size(), kNone)};
  parallel_for(z.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin * z.nx; c < end * z.nx; ++c) {
      const float here = z.values[static_cast<std::size_t>(c)];
      std::int8_t& direction = out.direction[static_cast<std::size_t>(c)];
      if (std::isnan(here)) {
        direction = FlowDirections::missing;
        continue;
      }
      double steepest = 0;
      for (int d = 0; d < 8; ++d) {
        const std::int64_t n = cells.neighbour(c, d);
        if (n < 0) continue;
        const double drop = static_cast<double>(here) - static_cast<double>(z.values[static_cast<std::size_t>(n)]);
        const double slope = drop / geometry.distance_m(c / z.nx, d);
        if (slope > steepest) steepest = slope, direction = static_cast<std::int8_t>(d);
      }
      if (direction == kNone && cells.at_border(z, c)) direction = FlowDirections::outlet;
    }
  });
  Flats(z, out.direction).resolve();
  return out;
}

}  // namespace guyu
