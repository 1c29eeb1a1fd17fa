#include "engine/gauge/rain_pairs.h"

#include <cmath>
#include <limits>

namespace guyu {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

double cell_or_missing(const FieldView<const float>& v, bool wraps, std::int64_t j, std::int64_t i) {
  if (wraps) i = ((i % v.nx) + v.nx) % v.nx;
  return j < 0 || j >= v.ny || i < 0 || i >= v.nx ? kMissing : double{v(j, i)};
}

double sample(const Field& radar, double column, double row) {
  if (!std::isfinite(column) || !std::isfinite(row) || std::abs(column) > 1e9 || std::abs(row) > 1e9) return kMissing;
  const auto v = radar.view();
  const bool wraps = radar.grid().wraps_in_x();
  const double fi = std::floor(column), fj = std::floor(row), u = column - fi, w = row - fj;
  const auto i = static_cast<std::int64_t>(fi), j = static_cast<std::int64_t>(fj);
  const auto part = [&](double weight, std::int64_t jj, std::int64_t ii) { return weight == 0 ? 0 : weight * cell_or_missing(v, wraps, jj, ii); };
  const double smooth = part((1 - w) * (1 - u), j, i) + part((1 - w) * u, j, i + 1) + part(w * (1 - u), j + 1, i) + part(w * u, j + 1, i + 1);
  if (!std::isnan(smooth)) return smooth;
  return cell_or_missing(v, wraps, j + (w >= 0.5 ? 1 : 0), i + (u >= 0.5 ? 1 : 0));
}

}  // namespace

std::vector<RainPair> rain_pairs(const Field& radar, std::span<const GaugeAmount> gauges, std::vector<std::size_t>* index) {
  const Grid& grid = radar.grid();
  const CrsTransform to_grid("EPSG:4326", grid.crs());
  std::vector<RainPair> pairs;
  if (index) index->clear();
  for (std::size_t k = 0; k < gauges.size(); ++k) {
    const GaugeAmount& g = gauges[k];
    if (std::isnan(g.amount_mm) || !std::isfinite(g.longitude) || !std::isfinite(g.latitude)) continue;
    double x = g.longitude, y = g.latitude;
    to_grid.forward(&x, &y, 1, sizeof(double));
    double column = grid.column_of(x);
    if (grid.is_latlon()) {  // a longitude has many names
      const double around = 360 / grid.dx();
      while (column < -0.5) column += around;
      while (column >= around - 0.5) column -= around;
    }
    pairs.push_back({ground_point(g.longitude, g.latitude), double{g.amount_mm}, sample(radar, column, grid.row_of(y))});
    if (index) index->push_back(k);
  }
  return pairs;
}

}  // namespace guyu
