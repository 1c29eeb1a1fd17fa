#include "engine/hydrology/xinanjiang_grid.h"

#include <fmt/format.h>

#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

void keep(XinanjiangPlanes& p, std::size_t k, const XinanjiangState& s) {
  const double v[] = {s.upper, s.lower, s.deep, s.free, s.runoff_share, s.interflow, s.groundwater};
  for (std::size_t n = 0; n < XinanjiangPlanes::count; ++n) p.planes[n].values[k] = static_cast<float>(v[n]);
}

}  // namespace

void check(const XinanjiangGrid& grid) {
  for (const XinanjiangParameters& p : grid.sets) check(p);
  if (grid.set_of.size() != static_cast<std::size_t>(grid.ny * grid.nx)) throw Error("Xinanjiang grid", "not every cell has a set", "give -1 for none");
  for (const std::int16_t s : grid.set_of)
    if (s >= static_cast<std::int16_t>(grid.sets.size()) || s < -1)
      throw Error("Xinanjiang grid", fmt::format("a cell names set {}, there are {}", s, grid.sets.size()), "number the sets from 0");
}

XinanjiangPlanes xinanjiang_planes(const XinanjiangGrid& grid, double fullness) {
  XinanjiangPlanes out;
  for (Plane& p : out.planes) p = Plane(grid.ny, grid.nx, kNaN);
  for (std::size_t k = 0; k < grid.set_of.size(); ++k)
    if (grid.set_of[k] >= 0) keep(out, k, xinanjiang_state(grid.sets[static_cast<std::size_t>(grid.set_of[k])], fullness));
  return out;
}

XinanjiangState column_state(const XinanjiangPlanes& p, std::size_t cell) {
  const auto v = [&](std::size_t n) { return static_cast<double>(p.planes[n].values[cell]); };
  return {v(0), v(1), v(2), v(3), v(4), v(5), v(6)};
}

Plane xinanjiang_step(const XinanjiangGrid& grid, XinanjiangPlanes& state, const Plane& rain, const Plane& evaporation, double step_hours) {
  const std::size_t n = grid.set_of.size();
  if (rain.values.size() != n || evaporation.values.size() != n || state.planes[0].values.size() != n)
    throw Error("Xinanjiang grid", "rain, evaporation or state has not the grid's shape", "bring them to the grid of the columns");
  Plane runoff(grid.ny, grid.nx, kNaN);
  parallel_for(static_cast<std::int64_t>(n), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      if (grid.set_of[k] < 0) continue;
      XinanjiangState s = column_state(state, k);
      const XinanjiangFlux f = xinanjiang_step(grid.sets[static_cast<std::size_t>(grid.set_of[k])], s, static_cast<double>(rain.values[k]),
                                               static_cast<double>(evaporation.values[k]), step_hours);
      runoff.values[k] = static_cast<float>(f.runoff());
      keep(state, k, s);
    }
  });
  return runoff;
}

}  // namespace guyu
