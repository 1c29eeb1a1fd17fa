#pragma once
#include <string>
#include <vector>

#include "engine/core/field_set.h"

namespace guyu::cli {

// Writes fields of one grid into a CF NetCDF file: fields of one quantity, level and member that follow each other in time are one variable. Issued at the
// first field's reference time, or its valid time where it has none. Throws Error naming the file.
void write_fields(const std::string& path, const Grid& grid, const std::string& title, const std::vector<std::string>& inputs, const FieldSet& fields);

}  // namespace guyu::cli
