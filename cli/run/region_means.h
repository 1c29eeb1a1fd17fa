#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/cycle/rain_history.h"
#include "engine/region/region_set.h"
#include "engine/region/zonal_weights.h"

namespace guyu::cli {

// Area means of grids over one region set; the weights of each grid are made or loaded once.
class RegionMeans {
 public:
  RegionMeans(const RegionSet& regions, std::string cache_folder) : regions_(regions), cache_folder_(std::move(cache_folder)) {}
  // The amount's mean and valid share of area per region, over the field's interval.
  RainSlot operator()(const Field& amount);
  const ZonalWeights& weights(const Grid& grid);
  const std::vector<std::string>& problems() const { return problems_; }  // why weights could not be kept for the next run

 private:
  const RegionSet& regions_;
  std::string cache_folder_;
  std::vector<std::string> problems_;
  std::map<std::string, ZonalWeights> weights_;  // by the grid's hash
};

}  // namespace guyu::cli
