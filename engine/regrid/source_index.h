#pragma once
#include <cstdint>
#include <optional>

#include "engine/core/grid.h"

namespace guyu {

// Fractional position among a source grid's cell centres: column in [-0.5, nx - 0.5], row in [-0.5, ny - 0.5] or, on a grid round the
// globe, up to the poles.
struct SourcePosition {
  double column, row;
};

// Finds positions in the source grid, whatever turn their longitude is written in.
class SourceIndex {
 public:
  explicit SourceIndex(const Grid& grid);
  // nullopt outside the grid's cells and for coordinates that are not finite.
  std::optional<SourcePosition> find(double x, double y) const;
  std::int64_t nx() const { return grid_.nx(); }
  std::int64_t ny() const { return grid_.ny(); }
  bool wraps() const { return wraps_; }
  std::int64_t wrapped(std::int64_t column) const { return wraps_ ? (column % nx() + nx()) % nx() : column; }
  // Share of the way from the last row's centre across the pole to the same row's centre on the other side; row < 0 or > ny - 1.
  double across_pole(double row) const;
  bool beyond_last_row(double row) const { return (north_cap_ && row < 0) || (south_cap_ && row > static_cast<double>(ny() - 1)); }

 private:
  Grid grid_;
  double period_ = 0;  // columns
  bool wraps_ = false, north_cap_ = false, south_cap_ = false;
  double first_row_, last_row_;
};

}  // namespace guyu
