#pragma once
#include "engine/core/field.h"
#include "products/map_canvas.h"
#include "products/map_palette.h"
#include "products/map_view.h"

namespace guyu {

// Paints the field into the view's box: each pixel shows the cells whose centres fall into it, reduced as the scale says over the
// valid ones, or else the cell under its middle. Missing cells and what lies outside the grid are left as they are. The view
// is in the field's CRS; longitudes are taken round the circle. O(cells shown + pixels); the same for any number of threads.
void paint_field(const MapCanvas& canvas, const MapView& view, const Field& field, const ColorScale& scale);

}  // namespace guyu
