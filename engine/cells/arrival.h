#pragma once
#include <span>
#include <vector>

#include "engine/cells/cell_forecast.h"
#include "engine/region/zonal_weights.h"

namespace guyu {

// A township that a cell is expected to reach.
struct CellArrival {
  std::size_t region = 0;  // index in the RegionSet
  std::uint32_t track = 0;
  double reach_share = 0;        // of the possible paths that reach it within the horizon
  double share = 0;              // the same, times the share of such cells that live until then
  Seconds time_to_arrival{};     // median of the paths that reach it, 0 where the cell is now
  Seconds earliest{}, latest{};  // 10 % and 90 % of those paths
  Seconds time_to_leaving{};     // median; the horizon when the cell is still there
};

struct ArrivalOptions {
  Seconds step{60};
  double least_share = 0.05;  // below it nothing is said
};

// Where and when each cell touches each region, by region and then by share, greatest first. The cell's pixels are carried along 25 possible velocities: five
// by five Gauss-Hermite nodes of its own velocity error, with their weights; the outline grows and shrinks with the forecast area. A region is reached when a
// grid cell that it has a part in is covered. Shares look like probabilities and are not calibrated.
// Cells in parallel, bit-identical for any number of threads. O(cells x pixels x steps + cells x pixels of the regions near them).
std::vector<CellArrival> cell_arrivals(std::span<const StormTrack> tracks, const GridScale& scale, const ZonalWeights& regions,
                                       const CellForecastOptions& options, const ArrivalOptions& arrival = {});

}  // namespace guyu
