#pragma once
#include <string>

#include "engine/core/grid.h"
#include "engine/regrid/cell_coverage.h"

namespace guyu::test {

inline const std::string kLatLon = "+proj=longlat +datum=WGS84 +no_defs";
inline const std::string kLambert = "+proj=lcc +lat_1=30 +lat_2=60 +lat_0=38.5 +lon_0=-97.5 +datum=WGS84 +units=m +no_defs";
inline const std::string kPolar = "+proj=stere +lat_0=90 +lat_ts=60 +lon_0=10 +datum=WGS84 +units=m +no_defs";

inline Grid globe(double spacing, double west) {
  const auto nx = static_cast<std::int64_t>(360 / spacing + 0.5);
  return Grid(kLatLon, west + spacing / 2, 90 - spacing / 2, spacing, spacing, nx, nx / 2);
}

}  // namespace guyu::test
