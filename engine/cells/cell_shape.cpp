#include "engine/cells/cell_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace guyu {
namespace {

double weight_of(float value, CellIntensity intensity) {
  return intensity == CellIntensity::linear ? double{value} : std::pow(std::pow(10.0, double{value} / 10) / 200, 1 / 1.6);
}

// Second moments about the middle in km, x east and y north.
CellEllipse ellipse_of(const StormCell& cell, const GridScale& scale) {
  double xx = 0, xy = 0, yy = 0, area = 0;
  const auto each = [&](const auto& take) {
    for (const CellRun& r : cell.runs) {
      const double dx = scale.dx_km(r.row), y = (cell.middle.row - r.row) * scale.dy_km();
      for (std::int32_t i = r.begin; i < r.end; ++i) take((i - cell.middle.column) * dx, y, dx);
    }
  };
  each([&](double x, double y, double dx) {
    const double a = dx * scale.dy_km();
    area += a;
    xx += a * (x * x + dx * dx / 12), xy += a * x * y, yy += a * (y * y + scale.dy_km() * scale.dy_km() / 12);  // a pixel is a box, not a point
  });
  xx /= area, xy /= area, yy /= area;
  const double mean = (xx + yy) / 2, spread = std::hypot((xx - yy) / 2, xy), large = mean + spread, small = std::max(mean - spread, 1e-3 * large);
  const double angle = spread > 1e-12 * mean ? 0.5 * std::atan2(2 * xy, xx - yy) : 0;  // of the major axis, from east to north
  CellEllipse e;
  const double size = std::sqrt(area / (std::numbers::pi * std::sqrt(large * small)));
  e.major_km = size * std::sqrt(large), e.minor_km = size * std::sqrt(small);
  e.direction_deg = std::fmod(90 - angle * 180 / std::numbers::pi + 360, 180.0);
  double far = 0;
  each([&](double x, double y, double) {
    const double along = (x * std::cos(angle) + y * std::sin(angle)) / e.major_km, across = (y * std::cos(angle) - x * std::sin(angle)) / e.minor_km;
    far = std::max(far, along * along + across * across);
  });
  e.bounding = std::max(1.0, std::sqrt(far));
  return e;
}

bool touches_the_unknown(const std::vector<CellRun>& runs, FieldView<const float> field) {
  const auto unknown = [&](std::int64_t j, std::int64_t i) { return j < 0 || j >= field.ny || i < 0 || i >= field.nx || std::isnan(field(j, i)); };
  for (const CellRun& r : runs) {
    if (unknown(r.row, std::int64_t{r.begin} - 1) || unknown(r.row, r.end)) return true;
    for (std::int64_t i = r.begin; i < r.end; ++i) {
      if (unknown(std::int64_t{r.row} - 1, i) || unknown(std::int64_t{r.row} + 1, i)) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<CellPlace> convex_hull(std::vector<CellPlace> p) {
  std::sort(p.begin(), p.end(), [](const CellPlace& a, const CellPlace& b) { return a.column < b.column || (a.column == b.column && a.row < b.row); });
  p.erase(std::unique(p.begin(), p.end(), [](const CellPlace& a, const CellPlace& b) { return a.row == b.row && a.column == b.column; }), p.end());
  if (p.size() < 3) return p;
  std::vector<CellPlace> hull(2 * p.size());
  std::size_t n = 0;
  const auto add = [&](const CellPlace& q, std::size_t least) {  // Andrew's monotone chain
    const auto turns = [&] {
      const CellPlace &a = hull[n - 2], &b = hull[n - 1];
      return (b.column - a.column) * (q.row - a.row) - (b.row - a.row) * (q.column - a.column) > 0;
    };
    while (n >= least && !turns()) --n;
    hull[n++] = q;
  };
  for (const CellPlace& q : p) add(q, 2);
  const std::size_t half = n + 1;
  for (std::size_t k = p.size() - 1; k-- > 0;) add(p[k], half);
  hull.resize(n - 1);
  return hull;
}

StormCell measure_cell(std::vector<CellRun> runs, FieldView<const float> field, const GridScale& scale, CellIntensity intensity) {
  StormCell cell;
  cell.runs = std::move(runs);
  cell.maximum = -std::numeric_limits<float>::infinity();
  double sum = 0, weights = 0, row = 0, column = 0, middle_row = 0, middle_column = 0;
  std::vector<CellPlace> corners;
  for (const CellRun& r : cell.runs) {
    const double area = scale.area_km2(r.row);
    for (std::int32_t i = r.begin; i < r.end; ++i) {
      const float v = field(r.row, i);
      const double w = area * weight_of(v, intensity);
      cell.area_km2 += area, sum += area * double{v}, weights += w;
      row += w * r.row, column += w * i, middle_row += area * r.row, middle_column += area * i;
      if (v > cell.maximum) cell.maximum = v, cell.peak = {static_cast<double>(r.row), static_cast<double>(i)};
    }
    for (const double j : {r.row - 0.5, r.row + 0.5}) corners.push_back({j, r.begin - 0.5}), corners.push_back({j, r.end - 0.5});
  }
  cell.mean = static_cast<float>(sum / cell.area_km2);
  cell.middle = {middle_row / cell.area_km2, middle_column / cell.area_km2};
  cell.centroid = weights > 0 ? CellPlace{row / weights, column / weights} : cell.middle;
  cell.hull = convex_hull(std::move(corners));
  cell.ellipse = ellipse_of(cell, scale);
  cell.cut = touches_the_unknown(cell.runs, field);
  return cell;
}

}  // namespace guyu
