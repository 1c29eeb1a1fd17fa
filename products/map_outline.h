#pragma once
#include <cairo.h>

#include <cstdint>
#include <vector>

#include "engine/region/region_set.h"
#include "products/map_view.h"

namespace guyu {

// A place in the picture in quarters of a pixel. Vertices are snapped one by one, so that a border which two regions share stays
// the same for both, however far it is simplified.
struct OutlinePoint {
  std::int32_t x = 0, y = 0;
  bool operator==(const OutlinePoint&) const = default;
};
inline constexpr double kOutlineSteps = 4;      // per pixel
using OutlineRing = std::vector<OutlinePoint>;  // not closed: the last joins the first

// The rings of one region, holes too (even-odd), simplified to what a picture can show.
struct RegionOutline {
  std::size_t region = 0;  // index in the RegionSet
  std::vector<OutlineRing> rings;
};

// Makes the outline cairo's path, in pixels.
void trace_outline(cairo_t* cairo, const RegionOutline& outline);

// Outlines of the regions that touch the view, in the order of the set. Long edges are subdivided before they are projected, so
// that a straight border stays where it is; on longitude-latitude maps regions appear at every turn of the circle that the view shows.
// O(vertices); the same for any number of threads. Throws Error when PROJ has no way to the view's CRS.
std::vector<RegionOutline> region_outlines(const RegionSet& regions, const MapView& view);

// The smallest rectangle around the regions in their own CRS. Of longitudes the shorter way round the circle is taken, so that
// regions on both sides of the date line lie together (east may then pass 180). Empty when there are none.
MapArea region_bounds(const RegionSet& regions);
// The same in another CRS, by the corners of each polygon's rectangle.
MapArea region_bounds_in(const RegionSet& regions, const std::string& crs);

}  // namespace guyu
