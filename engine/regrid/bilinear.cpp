#include <algorithm>
#include <array>
#include <cmath>

#include "engine/regrid/row_band.h"

namespace guyu {
namespace {

constexpr double kNothing = 1e-7;  // weight that only rounding makes: the missing cell behind it must not count

struct Share {
  std::int64_t index;
  double weight;
};
using Shares = std::array<Share, 2>;

Shares between(double position) {
  const double low = std::floor(position), part = position - low;
  const auto k = static_cast<std::int64_t>(low);
  if (part < kNothing) return {{{k, 1}, {k, 0}}};
  if (part > 1 - kNothing) return {{{k + 1, 1}, {k + 1, 0}}};
  return {{{k, 1 - part}, {k + 1, part}}};
}

Shares columns_of(const SourceIndex& index, double column) {
  if (!index.wraps()) return between(std::clamp(column, 0.0, static_cast<double>(index.nx() - 1)));
  Shares s = between(column);
  for (Share& c : s) c.index = index.wrapped(c.index);
  return s;
}

void add_products(const SourceIndex& index, std::int64_t row, double row_weight, double column, RowBand& band) {
  for (const Share& c : columns_of(index, column)) {
    if (c.weight > 0 && row_weight > 0) band.add(row * index.nx() + c.index, row_weight * c.weight);
  }
}

}  // namespace

void add_bilinear_row(const LineMapper& mapper, const SourceIndex& index, std::int64_t row, std::vector<PlanePoint>& centres, RowBand& band) {
  mapper.map(static_cast<double>(row), 0, 1, centres);
  for (const PlanePoint& p : centres) {
    band.next();
    const auto at = index.find(p.u, p.s);
    if (!at) continue;
    const double last = static_cast<double>(index.ny() - 1);
    if (index.beyond_last_row(at->row)) {
      const double across = index.across_pole(at->row);
      const std::int64_t j = at->row < 0 ? 0 : index.ny() - 1;
      add_products(index, j, 1 - across, at->column, band);
      add_products(index, j, across, at->column + static_cast<double>(index.nx()) / 2, band);
    } else {
      for (const Share& r : between(std::clamp(at->row, 0.0, last))) add_products(index, r.index, r.weight, at->column, band);
    }
    band.tidy();
  }
}

}  // namespace guyu
