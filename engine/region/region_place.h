#pragma once
#include <vector>

#include "engine/region/region_set.h"
#include "engine/regrid/ground_point.h"

namespace guyu {

// Where a region lies and how large it is.
struct RegionPlace {
  GroundPoint centre;   // of its area; of several parts the mean by area, brought to the ground
  double area_km2 = 0;  // 0: the region has no outline, and no place
};

// By the outlines' corners in degrees on a sphere, edges straight between them: areas of townships are right within a percent. Throws Error when the regions'
// CRS is not known. O(corners).
std::vector<RegionPlace> region_places(const RegionSet& set);

}  // namespace guyu
