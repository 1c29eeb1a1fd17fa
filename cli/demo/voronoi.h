#pragma once
#include <vector>

#include "engine/region/region_set.h"

namespace guyu::cli::demo {

// The Voronoi cell of each seed, closed rings in the order of the seeds. Cells at the rim reach to a frame around all seeds. Neighbours share
// their corners exactly. Throws Error when GEOS finds no diagram or two
// seeds coincide. O(n^2): each cell is looked up by its seed.
std::vector<Ring> voronoi_cells(const std::vector<Point>& seeds);

}  // namespace guyu::cli::demo
