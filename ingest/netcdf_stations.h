#pragma once
#include <vector>

#include "ingest/netcdf_file.h"
#include "ingest/reader.h"

namespace guyu {

// Station series of CF 1.8, chapter 9 (discrete sampling geometries, featureType timeSeries) in the orthogonal and incomplete multidimensional forms: longitude
// and latitude stand on one dimension, and values on it and time, in either order. Files that do not name their featureType are known by that. Amounts
// without bounds of time hold over the step before their time, and values without a unit are taken in the usual one: both are told in `notes`.
// Empty when the file holds no station of that form. Hold hdf5_mutex(). Throws Error for times that cannot be placed and for more than 2^26 values.
std::vector<StationTable> netcdf_station_tables(const NetcdfFile& file, const ReadRequest& request);

}  // namespace guyu
