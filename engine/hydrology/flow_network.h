#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/grid.h"
#include "engine/core/plane.h"
#include "engine/hydrology/flow_direction.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

// Cells in the order that water passes them. Cells of one level never drain into each other: they may be worked on at the same time, and every cell gathers
// from its upstream neighbours in the order of their numbers, so that sums are the same for any number of threads.
class FlowNetwork {
 public:
  // Throws Error when the directions go round in a loop or into a missing cell. O(n).
  explicit FlowNetwork(const FlowDirections& directions);

  std::int64_t ny() const { return ny_; }
  std::int64_t nx() const { return nx_; }
  std::int32_t downstream(std::int32_t cell) const { return downstream_[static_cast<std::size_t>(cell)]; }  // -1: outlet, -2: missing
  std::span<const std::int32_t> upstream(std::int32_t cell) const;
  std::size_t levels() const { return level_begin_.size() - 1; }
  std::span<const std::int32_t> level(std::size_t k) const;       // headwaters first
  std::span<const std::int32_t> order() const { return order_; }  // all levels
  // Calls body(cell) for all cells, each after those upstream of it; cells of a level in parallel.
  template <class Body>
  void downwards(const Body& body) const;

 private:
  std::int64_t ny_, nx_;
  std::vector<std::int32_t> downstream_, upstream_, order_;
  std::vector<std::int64_t> upstream_begin_, level_begin_;
};

template <class Body>
void FlowNetwork::downwards(const Body& body) const {
  constexpr std::int64_t kGrain = 512;  // most levels near the outlets are a few cells wide
  for (std::size_t k = 0; k < levels(); ++k) {
    const std::span<const std::int32_t> cells = level(k);
    const auto n = static_cast<std::int64_t>(cells.size());
    const auto some = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t c = begin; c < end; ++c) body(cells[static_cast<std::size_t>(c)]);
    };
    if (n <= kGrain) some(0, n);
    else parallel_for(n, kGrain, some);
  }
}

// Sum of `amount` over each cell and all that drains through it. Missing amounts on the network make all downstream of them missing. O(n), sums in double.
Plane accumulate(const FlowNetwork& network, const Plane& amount);
// Area that drains through each cell, its own included, km2. NaN off the network.
Plane upstream_area_km2(const FlowNetwork& network, const Grid& grid);
// Outlets with at least this area upstream, the largest first (of equals the first by number).
std::vector<std::int32_t> outlets(const FlowNetwork& network, const Plane& area_km2, double least_km2);
// The number of the outlet's cell that each cell drains to; -1 off the network. O(n).
std::vector<std::int32_t> basins(const FlowNetwork& network);
// The cell and all that drain through it, sorted. O(cells found log).
std::vector<std::int32_t> cells_upstream(const FlowNetwork& network, std::int32_t cell);

}  // namespace guyu
