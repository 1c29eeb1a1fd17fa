#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/plane.h"
#include "engine/hydrology/xinanjiang.h"

namespace guyu {

// Warm states of a grid of columns, one plane each, to be kept between cycles. NaN where no column is.
struct XinanjiangPlanes {
  static constexpr std::size_t count = 7;
  // As in a file, in the order of `planes`; all in mm but the share (1).
  static constexpr std::array<std::string_view, count> names{"upper_tension_water", "lower_tension_water", "deep_tension_water", "free_water",
                                                             "runoff_area_share",   "interflow_store",     "groundwater_store"};
  static constexpr std::array<std::string_view, count> units{"mm", "mm", "mm", "mm", "1", "mm", "mm"};
  std::array<Plane, count> planes;
};

// Which parameters each cell has: the number of a set, or -1 for no column.
struct XinanjiangGrid {
  std::int64_t ny = 0, nx = 0;
  std::vector<XinanjiangParameters> sets;
  std::vector<std::int16_t> set_of;
};
// Throws Error when a cell names a set that is not there or a set is out of its sense.
void check(const XinanjiangGrid& grid);
XinanjiangPlanes xinanjiang_planes(const XinanjiangGrid& grid, double fullness);

// The state of one cell. NaN where no column is.
XinanjiangState column_state(const XinanjiangPlanes& planes, std::size_t cell);

// One step of all columns, in parallel: the water that leaves each, mm. Missing rain or evaporation gives missing runoff and leaves that column's state.
// O(cells); the same for any number of threads. Throws Error when shapes differ.
Plane xinanjiang_step(const XinanjiangGrid& grid, XinanjiangPlanes& state, const Plane& rain_mm, const Plane& potential_evaporation_mm, double step_hours);

}  // namespace guyu
