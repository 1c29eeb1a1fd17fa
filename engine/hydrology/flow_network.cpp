#include "engine/hydrology/flow_network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/hydrology/cell_geometry.h"

namespace guyu {

FlowNetwork::FlowNetwork(const FlowDirections& directions) : ny_(directions.ny), nx_(directions.nx), downstream_(directions.direction.size(), -2) {
  const std::size_t n = downstream_.size();
  upstream_begin_.assign(n + 1, 0);
  std::size_t known = 0;
  for (std::int64_t j = 0; j < ny_; ++j) {
    for (std::int64_t i = 0; i < nx_; ++i) {
      const std::int8_t d = directions.at(j, i);
      std::int32_t& down = downstream_[static_cast<std::size_t>(j * nx_ + i)];
      if (d == FlowDirections::missing) continue;
      ++known;
      down = -1;
      if (d < 0) continue;
      const std::int64_t y = j + FlowDirections::south[static_cast<std::size_t>(d)], x = i + FlowDirections::east[static_cast<std::size_t>(d)];
      if (y < 0 || x < 0 || y >= ny_ || x >= nx_) continue;
      if (directions.at(y, x) == FlowDirections::missing) throw Error("flow network", "a cell drains into one without a direction", "make it an outlet");
      down = static_cast<std::int32_t>(y * nx_ + x);
      ++upstream_begin_[static_cast<std::size_t>(down) + 1];
    }
  }
  for (std::size_t k = 0; k < n; ++k) upstream_begin_[k + 1] += upstream_begin_[k];
  upstream_.resize(static_cast<std::size_t>(upstream_begin_[n]));
  std::vector<std::int64_t> next(upstream_begin_.begin(), upstream_begin_.end() - 1);
  for (std::size_t k = 0; k < n; ++k)
    if (downstream_[k] >= 0) upstream_[static_cast<std::size_t>(next[static_cast<std::size_t>(downstream_[k])]++)] = static_cast<std::int32_t>(k);

  // Kahn's algorithm, level by level; each level sorted, so that neighbours in memory are worked on together.
  std::vector<std::int32_t> waiting(n, 0);
  for (std::size_t k = 0; k < n; ++k) {
    waiting[k] = static_cast<std::int32_t>(upstream_begin_[k + 1] - upstream_begin_[k]);
    if (downstream_[k] != -2 && waiting[k] == 0) order_.push_back(static_cast<std::int32_t>(k));
  }
  level_begin_.push_back(0);
  for (std::size_t begin = 0; begin < order_.size();) {
    const std::size_t end = order_.size();
    level_begin_.push_back(static_cast<std::int64_t>(end));
    for (std::size_t k = begin; k < end; ++k) {
      const std::int32_t down = downstream(order_[k]);
      if (down >= 0 && --waiting[static_cast<std::size_t>(down)] == 0) order_.push_back(down);
    }
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(end), order_.end());
    begin = end;
  }
  if (order_.size() != known) throw Error("flow network", "the directions go round in a loop", "make them by guyu terrain, or mend the file");
}

std::span<const std::int32_t> FlowNetwork::upstream(std::int32_t cell) const {
  const auto k = static_cast<std::size_t>(cell);
  return {upstream_.data() + upstream_begin_[k], static_cast<std::size_t>(upstream_begin_[k + 1] - upstream_begin_[k])};
}

std::span<const std::int32_t> FlowNetwork::level(std::size_t k) const {
  return {order_.data() + level_begin_[k], static_cast<std::size_t>(level_begin_[k + 1] - level_begin_[k])};
}

Plane accumulate(const FlowNetwork& network, const Plane& amount) {
  std::vector<double> sum(amount.values.size(), std::numeric_limits<double>::quiet_NaN());
  network.downwards([&](std::int32_t c) {
    double total = static_cast<double>(amount.values[static_cast<std::size_t>(c)]);
    for (const std::int32_t u : network.upstream(c)) total += sum[static_cast<std::size_t>(u)];
    sum[static_cast<std::size_t>(c)] = total;
  });
  Plane out(network.ny(), network.nx());
  for (std::size_t k = 0; k < sum.size(); ++k) out.values[k] = static_cast<float>(sum[k]);
  return out;
}

Plane upstream_area_km2(const FlowNetwork& network, const Grid& grid) {
  const CellGeometry geometry = cell_geometry(grid);
  Plane own(network.ny(), network.nx());
  for (std::int64_t j = 0; j < own.ny; ++j) std::fill_n(own.row(j), own.nx, static_cast<float>(geometry.area_km2[static_cast<std::size_t>(j)]));
  return accumulate(network, own);
}

std::vector<std::int32_t> outlets(const FlowNetwork& network, const Plane& area_km2, double least_km2) {
  const auto area = [&](std::int32_t c) { return static_cast<double>(area_km2.values[static_cast<std::size_t>(c)]); };
  std::vector<std::int32_t> found;
  for (const std::int32_t c : network.order())
    if (network.downstream(c) == -1 && area(c) >= least_km2) found.push_back(c);
  std::sort(found.begin(), found.end(), [&](std::int32_t a, std::int32_t b) { return area(a) != area(b) ? area(a) > area(b) : a < b; });
  return found;
}

std::vector<std::int32_t> basins(const FlowNetwork& network) {
  std::vector<std::int32_t> out(static_cast<std::size_t>(network.ny() * network.nx()), -1);
  const std::span<const std::int32_t> order = network.order();
  for (auto c = order.rbegin(); c != order.rend(); ++c) {
    const std::int32_t down = network.downstream(*c);
    out[static_cast<std::size_t>(*c)] = down < 0 ? *c : out[static_cast<std::size_t>(down)];
  }
  return out;
}

std::vector<std::int32_t> cells_upstream(const FlowNetwork& network, std::int32_t cell) {
  std::vector<std::int32_t> found{cell};
  for (std::size_t k = 0; k < found.size(); ++k) {
    const std::span<const std::int32_t> above = network.upstream(found[k]);
    found.insert(found.end(), above.begin(), above.end());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace guyu
