#pragma once
#include <string>

#include "engine/core/grid.h"

namespace guyu {

struct Coordinates {
  double x = 0, y = 0;
};

// lon, lat (degrees, WGS 84 or the CRS's own geographic base) -> CRS coordinates. Throws Error naming the CRS when PROJ
// does not understand it or the point has no image.
Coordinates project(const std::string& crs, double longitude, double latitude);

}  // namespace guyu
