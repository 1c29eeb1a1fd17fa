#include "engine/regrid/land_sea_adjustment.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

bool differ(float a, float b) { return !std::isnan(a) && !std::isnan(b) && (a >= 0.5F) != (b >= 0.5F); }

}  // namespace

void adjust_land_sea(FieldView<const float> nearest, FieldView<const float> drawn_from, FieldView<const float> land, std::int64_t radius,
                     FieldView<float> out) {
  assert(nearest.ny == land.ny && nearest.nx == land.nx && drawn_from.ny == land.ny && drawn_from.nx == land.nx && out.ny == land.ny && out.nx == land.nx);
  // The nearest cell of a kind that the square holds may lie outside it, but not beyond the square's corners.
  const auto reach = static_cast<std::int64_t>(std::ceil(std::sqrt(2.0) * static_cast<double>(radius)));
  parallel_for(nearest.ny, 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < nearest.nx; ++i) {
        out(j, i) = nearest(j, i);
        if (!differ(drawn_from(j, i), land(j, i))) continue;
        std::int64_t least = -1;
        float value = 0;
        bool in_square = false;
        for (std::int64_t y = std::max<std::int64_t>(0, j - reach); y <= std::min(nearest.ny - 1, j + reach); ++y) {
          for (std::int64_t x = std::max<std::int64_t>(0, i - reach); x <= std::min(nearest.nx - 1, i + reach); ++x) {
            if (!differ(drawn_from(y, x), drawn_from(j, i))) continue;
            in_square = in_square || (std::abs(y - j) <= radius && std::abs(x - i) <= radius);
            const std::int64_t distance = (y - j) * (y - j) + (x - i) * (x - i);
            if (least >= 0 && distance >= least) continue;
            least = distance, value = nearest(y, x);
          }
        }
        if (in_square) out(j, i) = value;
      }
    }
  });
}

}  // namespace guyu
