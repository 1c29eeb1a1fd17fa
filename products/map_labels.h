#pragma once
#include <string>
#include <vector>

#include "products/map_sheet.h"

namespace guyu {

// A name that wants a place on the map.
struct LabelWish {
  std::string text;
  double x = 0, y = 0;            // pixels: where its middle should be
  double room = 0;                // pixels: width of its region
  int rank = 0;                   // higher first
};

// Writes as many names as fit: by rank, then room; none leaves the plot or touches another; unranked names only where their region has
// room for them. O(wishes log wishes + wishes x names written).
void write_labels(MapSheet& sheet, std::vector<LabelWish> wishes);

}  // namespace guyu
