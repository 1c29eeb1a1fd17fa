#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace guyu {

using MappingValue = std::variant<std::string, std::vector<double>>;

// A CRS as the attributes of a CF-1.8 grid mapping variable (Appendix F): the name and parameters where CF can say all of the projection, the figure
// of the earth, and always crs_wkt. CF counts offsets in the coordinates' unit, so the mapping is that of the same CRS in metres: coordinates are to be
// multiplied by `to_metres` (1 for CRSs in metres or degrees).
struct GridMapping {
  std::vector<std::pair<std::string, MappingValue>> attributes;
  double to_metres = 1;
  bool rotated = false;  // coordinates are degrees on a rotated globe
};
// Throws Error naming a CRS that PROJ does not understand.
GridMapping grid_mapping(const std::string& crs);

}  // namespace guyu
