#pragma once
#include "engine/core/grid.h"
#include "engine/region/region_set.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {

// Brings outlines into a grid's CRS. Edges longer than about a cell are subdivided first, in the CRS they came in, so that
// a straight border stays where it is. Safe to use from several threads.
class RegionProjector {
 public:
  // Throws Error naming both CRSs when PROJ has no way between them.
  RegionProjector(const std::string& region_crs, const Grid& grid);
  MultiPolygon operator()(const MultiPolygon& shape) const;

 private:
  CrsTransform transform_;
  double step_;  // longest edge, in units of the region's CRS
};

}  // namespace guyu
