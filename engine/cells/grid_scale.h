#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/grid.h"

namespace guyu {

// Sides of a grid's cells on the ground, km. On a longitude-latitude grid those of a sphere of 6371 km, by row; on a projected one the same
// everywhere: the scale in the middle of the grid is taken for all of it, and north is the grid's north.
class GridScale {
 public:
  // Throws Error when PROJ does not understand the CRS. O(rows).
  explicit GridScale(const Grid& grid);
  double dx_km(double row) const { return dx_[place(row)]; }
  double dy_km() const { return dy_; }
  double area_km2(double row) const { return dx_[place(row)] * dy_; }
  // Length of a way on the grid that starts near `row`, km.
  double length_km(double row, double rows, double columns) const;
  // Direction of such a way, degrees clockwise from north, 0 to 360; 0 for a way of no length.
  double direction_deg(double row, double rows, double columns) const;

 private:
  std::size_t place(double row) const;
  std::vector<double> dx_;
  double dy_ = 1;
};

}  // namespace guyu
