#include <algorithm>
#include <cmath>

#include "engine/regrid/row_band.h"

namespace guyu {

void add_nearest_row(const LineMapper& mapper, const SourceIndex& index, std::int64_t row, std::vector<PlanePoint>& centres, RowBand& band) {
  mapper.map(static_cast<double>(row), 0, 1, centres);
  for (const PlanePoint& p : centres) {
    band.next();
    const auto at = index.find(p.u, p.s);
    if (!at) continue;
    const auto j = std::clamp<std::int64_t>(std::llround(at->row), 0, index.ny() - 1);
    const auto i = index.wraps() ? index.wrapped(std::llround(at->column)) : std::clamp<std::int64_t>(std::llround(at->column), 0, index.nx() - 1);
    band.add(j * index.nx() + i, 1);
  }
}

}  // namespace guyu
