#pragma once
#include <cstdint>
#include <vector>

namespace guyu {

// Columns [begin, end) of a row.
struct CellRun {
  std::int32_t row = 0, begin = 0, end = 0;
  bool operator==(const CellRun&) const = default;
};

// A fractional place on the grid: whole numbers are centres of its cells.
struct CellPlace {
  double row = 0, column = 0;
};

// The ellipse of a cell's second moments, as large as the cell (Dixon and Wiener 1993). Semi-axes in km.
struct CellEllipse {
  double major_km = 0, minor_km = 0;
  double direction_deg = 0;  // of the major axis, clockwise from north, 0 to 180
  double bounding = 1;       // both axes times this, and the ellipse holds the middle of every pixel
};

// A storm cell of one frame. Values are in the field's unit (dBZ or mm/h).
struct StormCell {
  std::vector<CellRun> runs;    // its pixels, by row and column; no two touch in a row
  std::vector<CellPlace> hull;  // convex outline around the pixels' corners, clockwise as seen on a map with north above
  CellPlace centroid;           // weighted by area and intensity
  CellPlace middle;             // weighted by area alone
  CellPlace peak;               // first pixel that has the maximum
  double area_km2 = 0;
  float maximum = 0, mean = 0;  // mean by area
  float core_threshold = 0;     // highest of the thresholds at which the cell is one piece apart from its neighbours
  CellEllipse ellipse;
  bool cut = false;  // touches missing cells or the edge of the grid: may be larger than seen
};

}  // namespace guyu
