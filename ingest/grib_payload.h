#pragma once
#include "ingest/grib_sections.h"

namespace guyu {

// True when the packed data of section 7 hold the number of values that section 5 claims, for the packings whose decoders in ecCodes would
// otherwise read or write out of bounds: simple, complex (with and without spatial differencing), JPEG 2000 and PNG (data representation
// templates 5.0, 5.2, 5.3, 5.40, 5.41). Other packings and edition 1 are left to ecCodes. At most linear in the groups.
bool payload_fits(GribView message);

}  // namespace guyu
