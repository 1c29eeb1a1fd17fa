#include "engine/regrid/line_mapper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace guyu {
namespace {

constexpr int kDegree = 8;
constexpr std::int64_t kShort = 24;    // stretches of so few points are mapped one by one
constexpr double kLongestCells = 512;  // first length of a stretch

// Chebyshev-Lobatto nodes, and three points between them where the interpolation error is largest.
constexpr std::array<double, 3> kChecks{1.5, 4.5, 6.5};
double node(double k) { return std::cos(std::numbers::pi * k / kDegree); }

struct Series {
  std::array<double, kDegree + 1> c{};
  double operator()(double t) const {  // Clenshaw
    double b1 = 0, b2 = 0;
    for (int m = kDegree; m > 0; --m) {
      const double b = 2 * t * b1 - b2 + c[static_cast<std::size_t>(m)];
      b2 = b1;
      b1 = b;
    }
    return t * b1 - b2 + c[0];
  }
  double tail() const { return std::abs(c[kDegree]) + std::abs(c[kDegree - 1]); }
};

Series through(const std::array<double, kDegree + 1>& values) {
  static const auto cosines = [] {
    std::array<std::array<double, kDegree + 1>, kDegree + 1> t{};
    for (std::size_t m = 0; m <= kDegree; ++m) {
      for (std::size_t k = 0; k <= kDegree; ++k) t[m][k] = node(static_cast<double>(m * k));
    }
    return t;
  }();
  Series s;
  for (std::size_t m = 0; m <= kDegree; ++m) {
    double sum = 0;
    for (std::size_t k = 0; k <= kDegree; ++k) sum += (k == 0 || k == kDegree ? 0.5 : 1.0) * values[k] * cosines[m][k];
    s.c[m] = sum * (m == 0 || m == kDegree ? 1.0 : 2.0) / kDegree;
  }
  return s;
}

}  // namespace

LineMapper::LineMapper(const Grid& source, const Grid& target, Finish finish, PlanePoint tolerance, double period)
    : target_(target), transform_(target.crs(), source.crs()), finish_(std::move(finish)), tolerance_(tolerance), period_(period) {}

void LineMapper::exact(double row, const double* columns, std::size_t n, PlanePoint* out) const {
  double y = target_.y(row);
  if (target_.is_latlon()) y = std::clamp(y, -90.0, 90.0);  // rows centred on a pole reach beyond it
  for (std::size_t k = 0; k < n; ++k) out[k] = {target_.x(columns[k]), y};
  if (n > 0) transform_.forward(&out->u, &out->s, n, sizeof(PlanePoint));
  for (std::size_t k = 0; k < n; ++k) {
    if (std::isfinite(out[k].u) && std::isfinite(out[k].s)) out[k] = finish_(out[k].u, out[k].s);
  }
}

void LineMapper::map(double row, double first, double step, std::vector<PlanePoint>& out) const {
  const Line line{row, first, step};
  const auto n = static_cast<std::int64_t>(out.size());
  const auto stretch = std::max<std::int64_t>(kShort, static_cast<std::int64_t>(kLongestCells / step));
  for (std::int64_t begin = 0; begin < n; begin += stretch) fill(line, begin, std::min(n, begin + stretch), out.data());
}

void LineMapper::fill(const Line& line, std::int64_t begin, std::int64_t end, PlanePoint* out) const {
  if (end - begin > kShort && !is_identity()) {
    if (fill_smooth(line, begin, end, out)) return;
    const std::int64_t middle = begin + (end - begin) / 2;
    fill(line, begin, middle, out);
    fill(line, middle, end, out);
    return;
  }
  std::vector<double> columns(static_cast<std::size_t>(end - begin));
  for (std::size_t k = 0; k < columns.size(); ++k) columns[k] = line.first + line.step * static_cast<double>(begin + static_cast<std::int64_t>(k));
  exact(line.row, columns.data(), columns.size(), out + begin);
}

bool LineMapper::fill_smooth(const Line& line, std::int64_t begin, std::int64_t end, PlanePoint* out) const {
  const double half = static_cast<double>(end - 1 - begin) / 2, centre = static_cast<double>(begin) + half;
  std::array<double, kDegree + 1 + kChecks.size()> columns{};
  std::array<PlanePoint, columns.size()> points{};
  const auto column = [&](double k) { return line.first + line.step * (centre + half * node(k)); };
  for (std::size_t k = 0; k <= kDegree; ++k) columns[k] = column(static_cast<double>(k));
  for (std::size_t k = 0; k < kChecks.size(); ++k) columns[kDegree + 1 + k] = column(kChecks[k]);
  exact(line.row, columns.data(), columns.size(), points.data());

  std::array<double, kDegree + 1> u{}, s{};
  for (std::size_t k = 0; k <= kDegree; ++k) {
    if (!std::isfinite(points[k].u) || !std::isfinite(points[k].s)) return false;
    u[k] = k == 0 ? points[0].u : u[k - 1] + nearest_turn(points[k].u - points[k - 1].u, period_);
    s[k] = points[k].s;
  }
  const Series us = through(u), ss = through(s);
  // A tail that has not died away says that the checks may be right by luck.
  if (!(us.tail() <= 10 * tolerance_.u) || !(ss.tail() <= 10 * tolerance_.s)) return false;
  for (std::size_t k = 0; k < kChecks.size(); ++k) {
    const double t = node(kChecks[k]);
    const PlanePoint p = points[kDegree + 1 + k];
    if (!(std::abs(nearest_turn(us(t) - p.u, period_)) <= tolerance_.u) || !(std::abs(ss(t) - p.s) <= tolerance_.s)) return false;
  }
  for (std::int64_t k = begin; k < end; ++k) {
    const double t = (static_cast<double>(k) - centre) / half;
    out[k] = {us(t), ss(t)};
  }
  return true;
}

}  // namespace guyu
