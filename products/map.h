#pragma once
#include <string>

#include "engine/core/field.h"
#include "engine/region/region_set.h"
#include "engine/region/risk_table.h"

namespace guyu {

struct MapText {
  std::string title, subtitle, footer;  // UTF-8, Chinese too
};

struct MapOptions {
  int width = 1200;  // pixels of the whole picture; the height follows from the area shown
  bool labels = true;  // names of the regions where they fit
  // The area shown, longitude and latitude; west >= east: all there is.
  double west = 0, south = 0, east = 0, north = 0;
};

// Levels of one hazard over the regions: Unknown hatched, None pale, then the four warning colours; region borders, legend.
void draw_level_map(const std::string& path, const RegionSet& regions, const RiskTable& risk, const std::string& hazard,
                    const MapText& text, const MapOptions& options = {});

// A grid in the colours of its quantity (rain in classes), missing grey, with a legend in the unit; region borders when `regions` is given.
void draw_field_map(const std::string& path, const Field& field, const RegionSet* regions, const MapText& text,
                    const MapOptions& options = {});

}  // namespace guyu
