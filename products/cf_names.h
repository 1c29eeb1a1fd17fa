#pragma once
#include <string>

#include "engine/core/field.h"

namespace guyu {

// The CF standard name of a quantity in the engine's unit; empty where CF has none.
std::string cf_standard_name(const Quantity& quantity);
// The method of a CF cell_methods entry: "point", "sum", "mean", ...
std::string cf_method(TimeKind kind);

}  // namespace guyu
