#pragma once
#include <string>
#include <vector>

namespace guyu {

// A property of each region that does not change with the weather: people, slope, crop area, its own thresholds.
struct RegionAttribute {
  std::string name, unit;     // unit "1" for numbers and codes
  std::vector<float> values;  // NaN: not known
};

struct AttributeSource {
  std::string path, layer;           // any table or layer that GDAL reads: CSV, GeoPackage, Shapefile, GeoJSON; empty layer: the first one
  std::string code_column;           // that regions are found by
  std::vector<std::string> columns;  // "slope [degree]": unit in brackets; empty: all columns of numbers but the code
};
// By the codes of the regions, in their order; a region without a row, and a cell that is empty or no number, is NaN. How many regions have no row is told in
// `problems`. Throws Error naming file and, for a missing column, those that there are. O(rows + regions).
std::vector<RegionAttribute> read_attributes(const AttributeSource& source, const std::vector<std::string>& codes, std::vector<std::string>& problems);

}  // namespace guyu
