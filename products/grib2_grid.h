#pragma once
#include "engine/core/grid.h"
#include "products/grib2_message.h"

namespace guyu {

// The grid as section 3 of GRIB2: regular longitude-latitude (template 3.0), polar stereographic (3.20) and Lambert conformal (3.30), columns
// from west to east. Rows go from north to south in longitude and latitude and from south to north on planes, as the world's models have them: GDAL (3.6)
// puts a plane whose first row is the northern one to the wrong place. Angles are kept to 1e-6 degrees and lengths to 1 mm, as the templates do; a spacing that
// is no whole number of 1e-6 degrees is left to follow from the first and last point. False origins fall away: the first point's place on Earth says where the
// grid is. Throws Error that names any other projection, and rows that are not evenly spaced. Returns whether the first row of the message is the southern one.
bool set_grib2_grid(Grib2Message& message, const Grid& grid);

}  // namespace guyu
