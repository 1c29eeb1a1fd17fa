#pragma once
#include <string>
#include <vector>

#include "engine/core/field.h"

namespace guyu::cli::demo {

// Writes rain amounts (mm, accumulations from meta.reference to meta.valid.end, on one longitude-latitude grid) as GRIB2 messages "tp",
// in the order given. Throws Error naming the file.
void write_grib_forecast(const std::string& path, const std::vector<Field>& amounts);

}  // namespace guyu::cli::demo
