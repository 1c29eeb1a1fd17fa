#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/plane.h"

namespace guyu {

// A mosaic of many radars comes more often than each of them turns: where it repeats a scan, an echo seems to stand still, and jumps when the next scan
// arrives. What repeats is known by its bits: 3 x 3 cells that vary among themselves and are the same in both frames. Nothing that was measured anew is.
//
// Says which cells of the earlier frames tell of motion: telling[k][cell] is 0 where earlier[k] repeats earlier[k + 1], as its scan is then that old, and where
// all earlier frames are the same as the newest one, as nothing new has come; 1 elsewhere. `earlier` from young to old, all of one shape; NaN = missing, never
// a repeat. O(cells x frames); the same for any number of threads.
std::vector<std::vector<std::uint8_t>> telling_cells(const Plane& now, std::span<const Plane* const> earlier);

}  // namespace guyu
