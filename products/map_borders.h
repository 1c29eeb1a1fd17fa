#pragma once
#include <span>

#include "engine/region/region_set.h"
#include "products/map_canvas.h"
#include "products/map_outline.h"

namespace guyu {

struct BorderStyle {
  double region_width = 0.7, parent_width = 1.5;  // pixels
  Color region_color = map_colors::county, parent_color = map_colors::parent;
};

// Lines thin enough for as many regions in the box; `unit` is 1 for a picture of 1200 pixels.
BorderStyle border_style(const PixelBox& box, const RegionSet& regions, std::span<const RegionOutline> outlines, double unit);

// Lines between regions, each border once. Where parents are known, borders with another parent on the other
// side, or with nothing, are drawn heavier, on top. O(vertices + pixels).
void draw_borders(const MapCanvas& canvas, std::span<const RegionOutline> outlines, const RegionSet& regions, const BorderStyle& style);

}  // namespace guyu
