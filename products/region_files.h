#pragma once
#include <string>

#include "engine/region/region_set.h"
#include "engine/region/region_table.h"
#include "engine/region/risk_table.h"
#include "products/provenance.h"

namespace guyu {

// Township values and levels of one cycle as files; both are written beside their place and renamed, and the same content gives the same bytes. What is
// not known is missing (NaN, NULL), never 0: the evidence of a row without a deciding rule, the age of data that never came. NetCDF and HDF5 are not
// safe for concurrent calls: no other writer or reader of theirs may be at work in another thread. Throw Error naming the file.

// CF-1.8 NetCDF-4: dimension region; code, name, parent, one variable per column with its coverage as an ancillary
// variable and time bounds; per hazard the level (CF flags) and its evidence.
void write_region_netcdf(const std::string& path, const RegionSet& regions, const RegionTable& table, const RiskTable& risk, const Provenance& provenance);

// GeoPackage: one layer "townships" with the polygons in longitude and latitude (EPSG:4326), the columns and, per hazard, level,
// level name, rule, window, observed and forecast amount, coverage, data age. Outlines in longitude and latitude keep their points.
void write_region_geopackage(const std::string& path, const RegionSet& regions, const RegionTable& table, const RiskTable& risk, const Provenance& provenance);

}  // namespace guyu
