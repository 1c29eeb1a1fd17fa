#include "engine/regrid/cell_coverage.h"

#include <algorithm>
#include <numbers>

namespace guyu {
namespace {

// Area per radian of longitude between the equator and latitude (degrees) on WGS 84: Snyder (1987), eq. 3-12.
double strip_area(double latitude) {
  constexpr double a = 6378137.0, f = 1 / 298.257223563;
  const double e2 = f * (2 - f), e = std::sqrt(e2);
  const double s = std::sin(std::clamp(latitude, -90.0, 90.0) * std::numbers::pi / 180);
  return a * a * (1 - e2) / 2 * (s / (1 - e2 * s * s) + std::atanh(e * s) / e);
}

bool falls(double a, double b) { return a > b; }

}  // namespace

CellPlane::CellPlane(const Grid& grid) : grid_(grid), per_column_(grid.is_in_degrees() ? grid.dx() * std::numbers::pi / 180 : grid.dx()) {
  const std::int64_t ny = grid.ny();
  for (std::int64_t j = 0; j <= ny; ++j) edges_.push_back(measure(grid.y(static_cast<double>(j) - 0.5)));
  if (!grid.wraps_in_x() || grid.has_uniform_rows() || ny < 2) return;
  const auto y = [&](std::int64_t j) { return grid.y(static_cast<double>(j)); };
  if (90 - y(0) < y(0) - y(1)) edges_.front() = measure(90);
  if (y(ny - 1) + 90 < y(ny - 2) - y(ny - 1)) edges_.back() = measure(-90);
}

double CellPlane::measure(double y) const { return (grid_.is_in_degrees() ? strip_area(y) : y) * per_column_; }

std::int64_t CellPlane::row_of(double s) const { return std::upper_bound(edges_.begin(), edges_.end(), s, falls) - edges_.begin() - 1; }

double signed_area(std::span<const PlanePoint> ring) {
  double twice = 0;
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    twice += (ring[k].u - ring[0].u) * (ring[k + 1].s - ring[0].s) - (ring[k + 1].u - ring[0].u) * (ring[k].s - ring[0].s);
  }
  return twice / 2;
}

void CoverageWindow::reset(std::int64_t row0, std::int64_t rows, std::int64_t col0, std::int64_t cols) {
  row0_ = row0, rows_ = rows, col0_ = col0, cols_ = cols;
  sum_.assign(static_cast<std::size_t>(rows * (cols + 2)), 0.0);
}

bool CoverageWindow::reset_to(double u_min, double u_max, double s_min, double s_max) {
  reset(0, 0, 0, 0);
  const std::int64_t nx = plane_.grid().nx(), ny = plane_.grid().ny();
  if (!(u_max > 0) || !(u_min < static_cast<double>(nx))) return false;
  const auto column = [&](double u) { return static_cast<std::int64_t>(std::clamp(std::floor(u), 0.0, static_cast<double>(nx - 1))); };
  const std::int64_t row0 = std::clamp<std::int64_t>(plane_.row_of(s_max), 0, ny), row1 = std::min(plane_.row_of(s_min), ny - 1);
  if (row1 < row0) return false;
  reset(row0, row1 - row0 + 1, column(u_min), column(u_max) - column(u_min) + 1);
  return true;
}

void CoverageWindow::add_ring(std::span<const PlanePoint> ring, double sign, double u_shift) {
  const double shift = u_shift - static_cast<double>(col0_);
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    add_edge({ring[k].u + shift, ring[k].s}, {ring[k + 1].u + shift, ring[k + 1].s}, sign);
  }
}

// First row of the window that s, or what lies south of it, can touch. Windows of a regridded cell are a few rows high.
std::int64_t CoverageWindow::first_row(double s) const {
  const auto begin = plane_.edges().begin() + row0_, end = begin + rows_ + 1;
  return std::max(row0_, row0_ + (std::upper_bound(begin, end, s, falls) - begin) - 1);
}

void CoverageWindow::add_edge(PlanePoint a, PlanePoint b, double sign) {
  if (a.s == b.s) return;
  if (a.s < b.s) {
    std::swap(a, b);
    sign = -sign;
  }
  // a is north of b. Rows are crossed one by one, each piece with exact shared end points.
  const auto& edges = plane_.edges();
  const double slope = (b.u - a.u) / (b.s - a.s);
  for (std::int64_t row = first_row(a.s); row < row0_ + rows_; ++row) {
    const double top = edges[static_cast<std::size_t>(row)], bottom = edges[static_cast<std::size_t>(row) + 1];
    if (b.s >= top) break;
    const double s0 = std::min(a.s, top), s1 = std::max(b.s, bottom);
    if (s0 <= s1) continue;
    const double u0 = s0 == a.s ? a.u : a.u + slope * (s0 - a.s);
    const double u1 = s1 == b.s ? b.u : a.u + slope * (s1 - a.s);
    add_in_row(row - row0_, u0, u1, sign * (s0 - s1) / (top - bottom));
  }
}

// An edge piece inside one row that covers `height` (signed share of the row's height), between columns u0 and u1.
void CoverageWindow::add_in_row(std::int64_t j, double u0, double u1, double height) {
  double* row = &sum_[static_cast<std::size_t>(j * (cols_ + 2))];
  const auto width = static_cast<double>(cols_);
  if (u0 > u1) std::swap(u0, u1);
  if (u0 >= width) return;
  if (u1 <= 0) {
    row[0] += height;
    return;
  }
  const double per_column = u1 > u0 ? height / (u1 - u0) : 0;
  if (u0 < 0) {  // the part west of the window covers every column of it
    row[0] += per_column * -u0;
    height -= per_column * -u0;
    u0 = 0;
  }
  if (u1 > width) {
    height -= per_column * (u1 - width);
    u1 = width;
  }
  auto i = static_cast<std::int64_t>(u0);
  if (u1 <= static_cast<double>(i + 1)) {
    const double middle = (u0 + u1) / 2 - static_cast<double>(i);
    row[i] += height * (1 - middle);
    row[i + 1] += height * middle;
    return;
  }
  for (double from = u0; from < u1; ++i) {
    const double to = std::min(u1, static_cast<double>(i + 1));
    const double part = per_column * (to - from), middle = (from + to) / 2 - static_cast<double>(i);
    row[i] += part * (1 - middle);
    row[i + 1] += part * middle;
    from = to;
  }
}

}  // namespace guyu
