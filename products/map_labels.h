#pragma once
#include <string>
#include <vector>

#include "products/map_canvas.h"
#include "products/map_outline.h"

namespace guyu {

struct LabelWish {
  std::string text;
  std::size_t outline = 0;  // index among the outlines
  int rank = 0;             // higher ones are placed first; of equal ones the larger area
  double overhang = 0;      // how far the text may pass the region's border, as a share of its width
};

// Writes the names that have room: each at the roomiest place of its region's largest ring, no two touching, none cut by the
// box. O(vertices of the regions that are large enough).
void draw_labels(const MapCanvas& canvas, const PixelBox& box, const std::vector<RegionOutline>& outlines, const std::vector<LabelWish>& wishes, double size);

}  // namespace guyu
