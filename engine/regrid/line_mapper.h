#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/core/grid.h"
#include "engine/regrid/cell_coverage.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {

// Where lines of the target grid lie, in coordinates of the source. A map projection is smooth, so long stretches of a line are
// Chebyshev polynomials of degree 8 that PROJ values at a dozen points fix and check; where the check fails (poles, date line cuts, edges of a
// projection) the stretch is halved, down to point by point. Error at most `tolerance`; the result depends on the line alone.
class LineMapper {
 public:
  // From a source CRS position to the plane wanted; called for few points only.
  using Finish = std::function<PlanePoint(double x, double y)>;
  // period: of u, 0 when it has none. Throws Error when PROJ has no way between the two CRSs.
  LineMapper(const Grid& source, const Grid& target, Finish finish, PlanePoint tolerance, double period);
  // The two grids share their CRS: coordinates run on without jumps of a period.
  bool is_identity() const { return transform_.is_identity(); }
  // out[k] for the fractional target position (row, first + k * step), k in [0, out.size()). Points without an image are not finite.
  void map(double row, double first, double step, std::vector<PlanePoint>& out) const;

 private:
  void exact(double row, const double* columns, std::size_t n, PlanePoint* out) const;
  struct Line {
    double row, first, step;
  };
  void fill(const Line& line, std::int64_t begin, std::int64_t end, PlanePoint* out) const;
  bool fill_smooth(const Line& line, std::int64_t begin, std::int64_t end, PlanePoint* out) const;

  Grid target_;
  CrsTransform transform_;
  Finish finish_;
  PlanePoint tolerance_;
  double period_;
};

// The difference of two positions on a circle of this period (0: a line), by the shorter way.
inline double nearest_turn(double difference, double period) {
  return std::abs(difference) <= period / 2 || !(period > 0) ? difference : difference - period * std::round(difference / period);
}

}  // namespace guyu
