#pragma once
#include <optional>
#include <vector>

#include "ingest/grib_message.h"

namespace guyu {

// Values of a GRIB2 field in run length packing with level values (data representation template 5.200, data template
// 7.200), which ecCodes 2.28 does not decode; level 0 is missing (NaN). nullopt for any other packing. Throws Error when the
// packed runs do not fill the field. O(values).
std::optional<std::vector<double>> run_length_values(const GribMessage& message);

}  // namespace guyu
