#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

// A longitude-latitude grid over the regions, with a cell to spare on each side.
Grid grid_over(const RegionSet& regions, double spacing_degrees);

// Elevation on a grid, from tiles in any order and CRS: exact area means where tiles cover a cell at all; between tiles that overlap the
// mean. Missing where none has a value. Throws Error for a file without a grid. O(cells of tiles).
Field terrain_on(const Grid& grid, const std::vector<std::string>& tiles);

// Factor on the wind of a coarse grid's field at each cell of `fine`, from a map of roughness (engine/downscale/exposure.h); the coarse cell has the mean of
// its logarithm.
Plane roughness_on(const Grid& fine, const std::string& path, const Grid& coarse);

// Factor on the rain of a coarse grid's field at each cell of `fine`, from a map of mean precipitation (engine/downscale/exposure.h, climatology_ratio).
Plane rain_climatology_on(const Grid& fine, const std::string& path, const Grid& coarse, const std::string& cache = {});

// The first field of a file brought to a grid by area means; for importance (people, crop area) as amounts: the sum is kept.
Field raster_on(const Grid& grid, const std::string& path, bool keep_sum);

}  // namespace guyu::cli
