#pragma once
#include <optional>
#include <vector>

#include "ingest/grib_message.h"

// MRMS (NOAA multi-radar mosaics) writes GRIB2 with a local discipline, 209, that ecCodes does not know; parameters after the
// "MRMS GRIB2 tables" of NOAA/NSSL, version 12.
namespace guyu {

struct MrmsProduct {
  const char* quantity;
  const char* unit;
  long minutes;  // accumulation; 0 = instant
};

// nullopt when the message is none of MRMS or its parameter has no canonical quantity.
std::optional<MrmsProduct> mrms_product(const GribMessage& message);

// MRMS's own missing values, in place: -999 (no data), -3 (no coverage; any negative rain) and, in the other products, -99 (no
// echo), which is -32 dBZ for reflectivity and missing for the rest. No effect on other producers' values.
void apply_mrms_sentinels(const GribMessage& message, const Quantity& quantity, std::vector<double>& values);

}  // namespace guyu
