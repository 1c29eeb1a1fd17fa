#pragma once
#include <vector>

#include "engine/cells/grid_scale.h"
#include "engine/cells/storm_cell.h"
#include "engine/core/field.h"

namespace guyu {

struct IdentifyOptions {
  std::vector<float> thresholds{35, 40, 45, 50};  // the field's unit, ascending; the first one bounds the cells
  double least_area_km2 = 20;                     // of a cell, at the first threshold
  double least_core_km2 = 8;                      // of a core, at the threshold at which it comes apart
  double prominence = 0.5;                        // a core counts as one of its own when its maximum passes the threshold that parts it by this share of a step
};

// How a value weighs in the centroid: rain rates as they are, reflectivity as the rain that Z = 200 R^1.6 makes of it.
enum class CellIntensity { linear, reflectivity };

// Storm cells of a frame, ordered by the row and column of their first pixel. NaN is no echo; cells that touch it are marked as cut.
//
// Pieces (8 neighbours) at nested thresholds form a tree, built from the highest threshold down. A piece in which two or more cores of the higher
// thresholds merge is parted: each core is a cell and grows pixel by pixel, through one threshold after the other, until the piece is filled. A piece
// with one core or none is one cell down to the first threshold, so that a storm with one core keeps its whole area, and pieces that rise too
// little above the saddle between them stay together (prominence).
// Sources: Johnson et al. (1998) SCIT, Weather and Forecasting 13; Dixon and Wiener (1993) TITAN, J. Atmos. Oceanic Technol. 10; Han et al. (2009), the
// same 26 (cores grown back to the storm's area).
// One union-find over the pixels at or above the first threshold: O(cells of the grid + echo x thresholds). Bit-identical for any number of threads.
// Throws Error for thresholds that do not ascend and for areas or a prominence below 0.
std::vector<StormCell> identify_cells(FieldView<const float> field, const GridScale& scale, CellIntensity intensity, const IdentifyOptions& options = {});

}  // namespace guyu
