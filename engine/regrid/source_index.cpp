#include "engine/regrid/source_index.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {
constexpr double kEdge = 1e-6;  // of a cell: rounding of a position on the outer border
}  // namespace

SourceIndex::SourceIndex(const Grid& grid)
    : grid_(grid), period_(grid.is_latlon() ? 360 / grid.dx() : 0), wraps_(grid.wraps_in_x()), first_row_(-0.5),
      last_row_(static_cast<double>(grid.ny()) - 0.5) {
  if (!wraps_ || grid.ny() < 2) return;
  // Between the last row and the pole lies less than a row: those cells reach the pole, and their neighbours are across it.
  const auto y = [&](std::int64_t j) { return grid.y(static_cast<double>(j)); };
  const std::int64_t last = grid.ny() - 1;
  north_cap_ = y(0) < 90 && 90 - y(0) < y(0) - y(1);
  south_cap_ = y(last) > -90 && y(last) + 90 < y(last - 1) - y(last);
  if (north_cap_) first_row_ = grid.row_of(90);
  if (south_cap_) last_row_ = grid.row_of(-90);
}

std::optional<SourcePosition> SourceIndex::find(double x, double y) const {
  if (!std::isfinite(x) || !std::isfinite(y)) return std::nullopt;
  const double nx = static_cast<double>(grid_.nx());
  double column = grid_.column_of(x);
  if (period_ > 0) column -= period_ * std::floor((column + 0.5 + kEdge) / period_);
  const double row = grid_.row_of(y);
  if (!(column >= -0.5 - kEdge) || (!wraps_ && !(column <= nx - 0.5 + kEdge))) return std::nullopt;
  if (!(row >= first_row_ - kEdge) || !(row <= last_row_ + kEdge)) return std::nullopt;
  return SourcePosition{std::clamp(column, -0.5, nx - 0.5), std::clamp(row, first_row_, last_row_)};
}

double SourceIndex::across_pole(double row) const {
  const double y = grid_.y(row), edge = grid_.y(row < 0 ? 0.0 : static_cast<double>(ny() - 1));
  return std::abs(y - edge) / (2 * (90 - std::abs(edge)));
}

}  // namespace guyu
