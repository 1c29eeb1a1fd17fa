#pragma once
#include "engine/core/field.h"
#include "engine/core/plane.h"

namespace guyu {

// Wind along a grid's own axes (GRIB2 flag table 3.3, bit 5; CF x_wind, y_wind) as eastward and northward components: at each cell the true directions
// of its axes, by differences of a thousandth of a cell through PROJ. For projected and rotated grids of any kind; on longitude-latitude grids nothing changes.
// A cell on a pole of the Earth has the east and north of the longitude that PROJ gives the pole; a row on a pole of a rotated grid has no directions and
// comes out missing.
class WindRotation {
 public:
  explicit WindRotation(const Grid& grid);  // O(cells); throws Error when PROJ has no way to longitude and latitude
  bool is_identity() const { return x_east_.values.empty(); }
  // In place; both planes have the grid's shape. Missing in either is missing in both, and so are cells outside the projection.
  void apply(FieldView<float> u, FieldView<float> v) const;

 private:
  Plane x_east_, x_north_, y_east_, y_north_;  // unit vectors of the two axes
};

}  // namespace guyu
