#pragma once
#include <vector>

#include "engine/window_sums/rain_plane.h"

namespace guyu {

// The same as with_gauges() (gauge_slots.h) for every cell: the radar's planes with what radar and gauges together say of longer intervals (`merged`). Both
// ascending and without overlap, on one grid of so many cells. Result likewise. Blocks of cells are spread out, one for each thread.
// O(planes x cells).
std::vector<RainPlanePtr> with_gauges(const std::vector<RainPlanePtr>& radar, const std::vector<RainPlanePtr>& merged, std::size_t cells);

}  // namespace guyu
