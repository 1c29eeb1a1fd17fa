#include "cli/run/region_means.h"

#include "engine/core/error.h"
#include "engine/region/zonal_statistics.h"

namespace guyu::cli {

const ZonalWeights& RegionMeans::weights(const Grid& grid) {
  const std::string key = grid.hash();
  const auto found = weights_.find(key);
  if (found != weights_.end()) return found->second;
  try {
    return weights_.emplace(key, load_or_compute_zonal_weights(cache_folder_, grid, regions_)).first->second;
  } catch (const Error& e) {  // weights that cannot be kept are still weights
    problems_.push_back(e.what());
    return weights_.emplace(key, compute_zonal_weights(grid, regions_)).first->second;
  }
}

RainSlot RegionMeans::operator()(const Field& amount) {
  static const auto statistics = parse_zonal_statistics("mean,coverage");
  ZonalTable table = zonal_statistics(amount.view(), weights(amount.grid()), statistics);
  return {amount.meta.valid, std::move(table.columns[0]), std::move(table.columns[1]), amount.meta.source};
}

}  // namespace guyu::cli
