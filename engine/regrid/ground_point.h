#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/core/grid.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {

// A place as Cartesian coordinates about the centre of a sphere of 6371 km, in km. The distance between two is the chord: up to 500 km it is less than
// 0.03 % short of the way along the ground, costs no trigonometry, and keeps covariance models of space valid (they need not be on the sphere; Gneiting,
// Bernoulli 19, 2013).
struct GroundPoint {
  double x = 0, y = 0, z = 0;
};

GroundPoint ground_point(double longitude, double latitude);  // degrees

inline double squared_km(const GroundPoint& a, const GroundPoint& b) {
  const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
  return dx * dx + dy * dy + dz * dz;
}
inline double distance_km(const GroundPoint& a, const GroundPoint& b) { return std::sqrt(squared_km(a, b)); }

// Where a grid's cell centres lie. Safe to use from several threads.
class GridGround {
 public:
  // Throws Error when PROJ does not understand the CRS.
  explicit GridGround(const Grid& grid);
  // The centres of the cells of row j, columns [begin, end).
  void row(std::int64_t j, std::int64_t begin, std::int64_t end, std::vector<GroundPoint>& out) const;

 private:
  Grid grid_;
  CrsTransform to_degrees_;
};

}  // namespace guyu
