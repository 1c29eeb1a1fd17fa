#pragma once
#include <string>
#include <vector>

#include "cli/forecast/township_series.h"
#include "engine/region/region_set.h"
#include "products/meteogram.h"

namespace guyu::cli {

// Keeps the series of a few townships and draws a meteogram of each. O(townships asked for x steps x members) memory.
class MeteogramSink final : public SeriesSink {
 public:
  // Throws Error for a code that no region has. The series must live as long as this.
  MeteogramSink(const std::vector<std::string>& codes, const RegionSet& regions, const std::vector<RegionSeries>& series);
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override;
  // <folder>/<code>.png for each.
  void draw(const std::string& folder, TimePoint issue, const std::string& footer, const MeteogramOptions& options) const;

 private:
  struct Place {
    std::size_t region = 0;
    std::string code, name;
    std::vector<PlaceSeries> series;
    std::vector<std::ptrdiff_t> of_series;  // place in `series`; -1: not drawn, for pictures show means
  };
  std::vector<Place> places_;
};

}  // namespace guyu::cli
