#pragma once
#include <string>

#include "engine/core/field.h"

namespace guyu {

// Wind along the axes of a map projection, u towards rising x and v towards rising y, from its speed and the direction that it comes from, in degrees from
// true north, on the cells of `grid`. `axes_crs` is the projection whose axes are meant; the grid's own CRS, or that of a grid the components will be brought
// to. Missing where either is, or where the cell has no image in that projection. Throws Error when PROJ has no way between the CRSs. O(cells).
void wind_along_axes(const Grid& grid, const std::string& axes_crs, FieldView<const float> speed, FieldView<const float> from_direction, FieldView<float> u,
                     FieldView<float> v);

}  // namespace guyu
