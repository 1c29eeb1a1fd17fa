#pragma once
#include <string>
#include <vector>

#include "cli/forecast/township_series.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

// Counts the townships that a forecast says nothing of, at no step and for no member: those beyond its grid, above all.
class Reach final : public SeriesSink {
 public:
  Reach(const RegionSet& regions, const std::vector<RegionSeries>& series);
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override;
  // One for the series that miss the same townships.
  std::vector<std::string> notes() const;

 private:
  const RegionSet& regions_;
  const std::vector<RegionSeries>& series_;
  std::vector<std::vector<bool>> unknown_;  // of each series and region
};

}  // namespace guyu::cli
