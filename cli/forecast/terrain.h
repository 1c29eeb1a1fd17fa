#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

// A longitude-latitude grid over the regions, with a cell to spare on each side.
Grid grid_over(const RegionSet& regions, double spacing_degrees);

// Elevation on a grid, from tiles in any order and CRS: exact area means where tiles cover a cell at all; between tiles that overlap the
// mean. Missing where none has a value. Throws Error for a file without a grid. O(cells of tiles).
Field terrain_on(const Grid& grid, const std::vector<std::string>& tiles);

// The first field of a file brought to a grid by area means; for importance (people, crop area) as amounts: the sum is kept.
Field raster_on(const Grid& grid, const std::string& path, bool keep_sum);

}  // namespace guyu::cli
