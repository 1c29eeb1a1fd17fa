#pragma once
#include <string>

#include "engine/core/field.h"

namespace guyu::cli::demo {

// Writes a rain-rate field (mm/h at an instant) as an ODIM_H5 2.3 composite: quantity RATE in 16 bits of 0.01 mm/h, NaN as nodata, 0 as
// undetect. The file carries no wall clock. Throws Error naming the file. Source: OPERA Data Information Model, version 2.3.
void write_odim_composite(const std::string& path, const Field& rate);

}  // namespace guyu::cli::demo
