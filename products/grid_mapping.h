#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace guyu {

// A CRS as the attributes of a CF-1.8 grid mapping variable (Appendix F): its name and parameters where CF knows the projection, the figure of the
// earth, and always crs_wkt. Throws Error naming a CRS that PROJ does not understand.
using MappingValue = std::variant<std::string, std::vector<double>>;
std::vector<std::pair<std::string, MappingValue>> grid_mapping(const std::string& crs);

}  // namespace guyu
