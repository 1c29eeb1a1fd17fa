#pragma once
#include <string>
#include <vector>

#include "engine/nowcast/region_ensemble.h"
#include "engine/region/region_set.h"
#include "products/provenance.h"

namespace guyu {

// An ensemble over regions as CF NetCDF-4: rainfall_rate(member, time, region), its coverage, and for each
// window the probability that an amount is reached in some window of that length, and quantiles of the
// largest amount. Times count from provenance.issue, where the ensemble starts. Windows share thresholds and
// quantiles. The same content gives the same bytes. Throws Error naming the file.
void write_region_ensemble_netcdf(const std::string& path, const RegionSet& regions, const RegionEnsemble& ensemble,
                                  const std::vector<RegionProbability>& windows, const Provenance& provenance);

}  // namespace guyu
