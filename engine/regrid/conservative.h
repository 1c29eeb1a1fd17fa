#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/grid.h"
#include "engine/regrid/cell_coverage.h"
#include "engine/regrid/line_mapper.h"

namespace guyu {

// Area that a cell of the source has in common with a cell of the target.
struct Overlap {
  std::int32_t source;  // row * nx + column
  double area;          // in the source's measure (CellPlane)
};

// Of one target row: overlaps of column i are [end[i - 1], end[i]) by rising source; area[i] is the whole cell's, also outside the source.
struct OverlapRow {
  std::vector<Overlap> overlaps;
  std::vector<std::size_t> end;
  std::vector<double> area;
};

// Exact overlap of every target cell with the source's cells. Outlines are carried into the source's plane with as many points as their
// bend needs (each edge is wrong by less than four millionths of the cell's area, and what one cell loses its neighbour has) and clipped there. Neighbours
// share the very same points, so the cells of the target tile the source without gap or overlap. A cell around a pole of a longitude-latitude source is closed
// along the pole; a target cell with a corner that has no image in the source's CRS, or cut by the seam of its projection, overlaps nothing.
class CellOverlaps {
 public:
  CellOverlaps(const Grid& source, const Grid& target);  // throws Error when PROJ has no way
  // Row j; cheap to call for rising j, from one thread. O(outline points + cells overlapped).
  class Rows {
   public:
    explicit Rows(const CellOverlaps& overlaps) : o_(overlaps), window_(overlaps.plane_) {}
    const OverlapRow& row(std::int64_t j);

   private:
    void outline(std::int64_t column);
    bool unwrap();
    void close_turn(double start, double turn);
    bool is_cut() const;
    void clip(double area);
    bool bounds(double& u_min, double& u_max, double& s_min, double& s_max) const;

    const CellOverlaps& o_;
    CoverageWindow window_;
    std::int64_t next_ = -1;  // row whose top line is bottom_
    std::int64_t top_parts_ = 1, bottom_parts_ = 1;
    std::vector<PlanePoint> top_, bottom_;
    std::vector<std::vector<PlanePoint>> sides_;  // lines between top and bottom, at cell borders
    std::vector<PlanePoint> ring_, turned_;
    OverlapRow result_;
  };

 private:
  struct Parts {
    std::int64_t across = 1, down = 1;  // pieces of a horizontal and of a vertical cell edge
  };
  Parts parts(std::int64_t row) const;

  CellPlane plane_;
  Grid target_;
  LineMapper mapper_;
  double north_ = 0, south_ = 0;  // measure of the poles
};

}  // namespace guyu
