#pragma once
#include <string>

#include "engine/region/region_set.h"
#include "engine/region/region_table.h"
#include "engine/region/risk_table.h"
#include "products/provenance.h"

namespace guyu {

// Township values and levels of one cycle as files; both are written beside their place and renamed. Throw Error naming the file.

// CF-1.8 NetCDF-4: dimension region; code, name, parent, one variable per column with its coverage as an ancillary
// variable and time bounds; per hazard the level (CF flags) and its evidence.
void write_region_netcdf(const std::string& path, const RegionSet& regions, const RegionTable& table, const RiskTable& risk,
                         const Provenance& provenance);

// GeoPackage: one layer "townships" with the polygons in longitude and latitude (EPSG:4326), the columns and, per hazard, level,
// level name, rule, window, observed and forecast amount, coverage.
void write_region_geopackage(const std::string& path, const RegionSet& regions, const RegionTable& table, const RiskTable& risk,
                             const Provenance& provenance);

}  // namespace guyu
