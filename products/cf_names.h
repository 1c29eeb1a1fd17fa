#pragma once
#include <string>

#include "engine/core/field.h"

namespace guyu {

// The CF standard name of a quantity in the engine's unit; empty where CF has none.
std::string cf_standard_name(const Quantity& quantity);
// The method of a CF cell_methods entry: "point", "sum", "mean", ...
std::string cf_method(TimeKind kind);

// The CF method over the area, "area: maximum " for max; empty for statistics that CF has no name for (quantiles, shares).
std::string cf_area_method(const std::string& statistic);

}  // namespace guyu
