#pragma once
#include <vector>

#include "engine/cells/grid_scale.h"
#include "engine/cells/storm_track.h"

namespace guyu {

struct CellForecastOptions {
  Seconds horizon{60 * 60};
  Seconds step{5 * 60};        // between the stated leads; the last one is the horizon
  Seconds damping{20 * 60};    // growth fades with this time: what a cell did lately says little of the hour ahead
  Seconds mean_life{20 * 60};  // of a cell without a trend: its area falls to 1/e; as many live on as did on two days (docs/cells.md)
  Seconds shortest_life{10 * 60}, longest_life{180 * 60};
  double least_area_km2 = 20;  // a cell smaller than this is none
  double largest_growth = 3;   // no cell grows beyond this many times its area
  double cone = 1.28;          // half width of the swath in standard deviations of the position; 1.28 holds 80 % across the track
};

// What a tracked cell is expected to do.
struct CellForecast {
  struct Lead {
    Seconds lead{};
    CellPlace place;
    double area_km2 = 0;
    double position_error_km = 0;  // standard deviation, each way
    double survival = 1;           // share of cells like this that still are
  };
  std::uint32_t track = 0;
  std::vector<Lead> leads;       // from 0 to the horizon
  Seconds lifetime{};            // from the newest frame on; half of such cells are gone by then
  std::vector<CellPlace> swath;  // convex, clockwise on a map, first point not repeated
};

// ln(area ratio) after `lead` seconds of damped growth: g T (1 - exp(-lead / T)), bounded by largest_growth both ways.
double area_factor(const StormTrack& track, double lead_s, const CellForecastOptions& options);

// Straight motion from the newest centroid; area by area_factor; lifetime: when damped growth and the mean life together bring the area below the least one;
// survival 2^(-lead / lifetime). The swath holds the cell's outline carried along, as large as its area and widened by `cone` errors of its position.
// O(leads x outline). Throws Error for a horizon or step that is not above 0.
CellForecast forecast_cell(const StormTrack& track, const GridScale& scale, const CellForecastOptions& options = {});

}  // namespace guyu
