#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/grid.h"
#include "engine/region/region_set.h"

namespace guyu {

// Exact polygon-cell overlap of each region with a grid, run-length packed: whole cells as column runs, cells on
// the outline with their covered share. The weight of a cell is covered share x cell area of its row.
//
// Measure: on a longitude-latitude grid areas are those of the WGS 84 ellipsoid (the sine-like authalic coordinate of each
// latitude, so sums close exactly); on a projected grid they are planar in its CRS.
// Source: signed-area accumulation of polygon edges along each row, as in analytic glyph rasterisers.
struct ZonalWeights {
  struct Run {  // columns [begin, end) of a row lie wholly inside
    std::int32_t row, begin, end;
  };
  struct Cell {
    std::int32_t row, column;
    float share;  // 0..1
  };
  struct Region {
    std::size_t run_begin = 0, run_end = 0, cell_begin = 0, cell_end = 0;
    double total_area = 0;    // of the polygon, also outside the grid; m2
    double covered_area = 0;  // inside the grid
  };
  std::int64_t nx = 0, ny = 0;
  std::vector<double> row_area;  // area of one cell of each row, m2 (planar: CRS units squared)
  std::vector<Region> regions;
  std::vector<Run> runs;    // ordered by row within a region
  std::vector<Cell> cells;  // ordered by row, column within a region
};

// Regions are brought to the grid's CRS; edges are subdivided so that they stay straight on the ground map they came in.
// Bit-identical for any number of threads. O(cells on outlines + rows x regions). Throws Error when PROJ
// has no way between the two CRSs.
ZonalWeights compute_zonal_weights(const Grid& grid, const RegionSet& regions);

// From the cache folder when it holds weights for this very grid and region set, else computed and stored. A
// damaged cache file is computed anew. An empty folder name means no cache.
ZonalWeights load_or_compute_zonal_weights(const std::string& cache_folder, const Grid& grid, const RegionSet& regions);

}  // namespace guyu
