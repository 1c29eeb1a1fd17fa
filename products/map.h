#pragma once
#include <string>

#include "engine/core/field.h"
#include "engine/region/region_set.h"
#include "engine/region/risk_table.h"

namespace guyu {

struct MapText {
  std::string title, subtitle, footer;  // UTF-8, Chinese too; wrapped to the picture, empty ones take no room
};

struct MapOptions {
  int width = 1200;    // pixels of the whole picture, 400 to 16000; the height follows from the area shown
  bool labels = true;  // names of the regions where they fit
  // The area shown, longitude and latitude; west >= east: all there is. East may pass 180 when the area crosses the date line.
  double west = 0, south = 0, east = 0, north = 0;
};

// Maps as PNG, written atomically; the same input gives the same bytes for any number of threads. Throw Error naming the file that cannot be written,
// the area or width that is not possible, or CRSs that PROJ has no way between.

// Levels of one hazard over the regions: None pale, then the four warning colours; Unknown and regions without a row hatched, for
// not known is not safe. Heavier lines between parents, names of the severer and larger regions first, a legend with the
// number of regions of each level in the whole set. Wide areas in longitude and latitude are shown in a conic projection, others as they are.
void draw_level_map(const std::string& path, const RegionSet& regions, const RiskTable& risk, const std::string& hazard, const MapText& text,
                    const MapOptions& options = {});

// A grid in the colours of its quantity and in its own CRS, with a legend in the unit; missing and what lies outside the grid
// hatched, dry as paper. Region borders and names when `regions` is given. A 7000 x 3500 grid takes well under a second.
void draw_field_map(const std::string& path, const Field& field, const RegionSet* regions, const MapText& text, const MapOptions& options = {});

// What a field's own meta data say: its quantity, valid time, level and member, and the file it came from.
MapText field_text(const Field& field);

}  // namespace guyu
