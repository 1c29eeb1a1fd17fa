#include "engine/regrid/same_cells.h"

#include <cmath>
#include <vector>

#include "engine/core/error.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {

bool same_cells(const Grid& a, const Grid& b) {
  if (a == b) return true;
  if (a.nx() != b.nx() || a.ny() != b.ny()) return false;
  constexpr int kParts = 8;  // positions a side, less one
  constexpr double kNear = 0.01;
  std::vector<double> x, y, column, row;
  for (int j = 0; j <= kParts; ++j) {
    for (int i = 0; i <= kParts; ++i) {
      column.push_back(static_cast<double>(a.nx() - 1) * i / kParts);
      row.push_back(static_cast<double>(a.ny() - 1) * j / kParts);
      x.push_back(a.x(column.back()));
      y.push_back(a.y(row.back()));
    }
  }
  try {
    CrsTransform(a.crs(), b.crs()).forward(x.data(), y.data(), x.size(), sizeof(double));
  } catch (const Error&) {
    return false;
  }
  for (std::size_t k = 0; k < x.size(); ++k) {
    // A comparison that is false for what has no image (infinite, NaN) too.
    if (!(std::abs(b.column_of(x[k]) - column[k]) <= kNear && std::abs(b.row_of(y[k]) - row[k]) <= kNear)) return false;
  }
  return true;
}

}  // namespace guyu
