#pragma once
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/grid.h"

namespace guyu {

struct PlanePoint {
  double u, s;  // column, measure
};

// The plane in which polygons are clipped to a grid's cells: u in columns (cell i spans [i, i+1)), s such that a column times a
// difference in s is an area. Measure: on a longitude-latitude grid the area on the WGS 84 ellipsoid in m2 (s is the authalic
// coordinate of the latitude, so sums close exactly); on a projected grid planar, in CRS units squared.
class CellPlane {
 public:
  explicit CellPlane(const Grid& grid);
  const Grid& grid() const { return grid_; }
  double column(double x) const { return grid_.column_of(x) + 0.5; }
  double measure(double y) const;
  // Rows run north to south, so these ny + 1 edges fall. Uneven rows that go round the globe reach the poles.
  const std::vector<double>& edges() const { return edges_; }
  double row_area(std::int64_t j) const { return edges_[static_cast<std::size_t>(j)] - edges_[static_cast<std::size_t>(j) + 1]; }
  std::int64_t row_of(double s) const;                                        // row whose half-open span holds s; -1 above, ny below
  double period() const { return grid_.is_latlon() ? 360 / grid_.dx() : 0; }  // columns in a turn; 0: not round

 private:
  Grid grid_;
  double per_column_;
  std::vector<double> edges_;
};

// Of a closed ring (front equals back), counter-clockwise positive.
double signed_area(std::span<const PlanePoint> ring);

// Exact share of each cell of a window of the grid that rings cover: signed areas of edges are accumulated along each row, as in
// analytic glyph rasterisers. Rings whose sign makes their area positive open coverage, holes the other way round.
// O(cells that edges cross + window).
class CoverageWindow {
 public:
  static constexpr double kEmpty = 1e-12;  // share below which a cell counts as outside, and above 1 - which as inside

  explicit CoverageWindow(const CellPlane& plane) : plane_(plane) {}
  void reset(std::int64_t row0, std::int64_t rows, std::int64_t col0, std::int64_t cols);
  // Set to hold the rings' bounds cut to the grid; false, and left empty, when they miss it.
  bool reset_to(double u_min, double u_max, double s_min, double s_max);
  void add_ring(std::span<const PlanePoint> ring, double sign, double u_shift = 0);

  template <typename Emit>
  void shares(Emit&& emit) const {  // emit(row, column, share), by row then column
    for (std::int64_t j = 0; j < rows_; ++j) {
      double share = 0;
      for (std::int64_t i = 0; i < cols_; ++i) {
        share += sum_[static_cast<std::size_t>(j * (cols_ + 2) + i)];
        if (std::abs(share) > kEmpty) emit(row0_ + j, col0_ + i, share);
      }
    }
  }

 private:
  void add_edge(PlanePoint a, PlanePoint b, double sign);
  void add_in_row(std::int64_t j, double u0, double u1, double height);
  std::int64_t first_row(double s) const;

  const CellPlane& plane_;
  std::int64_t row0_ = 0, rows_ = 0, col0_ = 0, cols_ = 0;
  std::vector<double> sum_;
};

}  // namespace guyu
