#pragma once
#include <string>

#include "ingest/grib_message.h"

namespace guyu {

// What ecCodes calls the parameter of a message.
struct GribParameter {
  std::string short_name, units, level_type, level, step_type;
};

// ecCodes finds each of these names by trying definitions in turn, which costs more than all else that is read of a header, and an ensemble asks tens of
// thousands of times for a dozen parameters. GRIB2 messages whose identification (section 1 without its time), local section and product definition (section 4
// without step, member and the end of its interval; templates 4.0, 4.1, 4.8, 4.11) are the same octets share one answer; all others are asked each time.
// Callers hold the lock of ecCodes. O(octets of those sections).
GribParameter grib_parameter(const GribMessage& message);

}  // namespace guyu
