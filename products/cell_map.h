#pragma once
#include "products/cell_geojson.h"
#include "products/map.h"

namespace guyu {

// The newest frame with its cells: outlines, where they were (dots), where they are expected (arrow, a stroke every 15 minutes) and the swaths they may touch;
// the numbers of the larger cells where they fit. Without an area asked for, what cells and swaths take up is shown. Throws Error as draw_field_map does.
void draw_cell_map(const std::string& path, const CellScene& scene, const RegionSet* regions, const MapText& text, const MapOptions& options = {});

}  // namespace guyu
