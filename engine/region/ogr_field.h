#pragma once
#include <fmt/format.h>
#include <ogr_api.h>

#include <cmath>
#include <string>

namespace guyu {

// A field's text; empty where there is none. Shapefiles keep long codes as real numbers: no decimals, no exponent.
inline std::string ogr_text(OGRFeatureH f, int k) {
  if (k < 0 || !OGR_F_IsFieldSetAndNotNull(f, k)) return {};
  if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(f, k)) == OFTReal) {
    if (const double v = OGR_F_GetFieldAsDouble(f, k); v == std::floor(v) && std::abs(v) < 1e15) return fmt::format("{:.0f}", v);
  }
  return OGR_F_GetFieldAsString(f, k);
}

}  // namespace guyu
