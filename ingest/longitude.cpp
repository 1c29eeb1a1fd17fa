#include "ingest/longitude.h"

#include <algorithm>
#include <cmath>

namespace guyu {

void to_signed_longitudes(LongitudeAxis& axis, std::int64_t ny, std::int64_t nx, std::span<float> values) {
  const bool circle = std::abs(static_cast<double>(nx) * axis.step - 360.0) < 0.5 * axis.step;
  if (circle) {
    const auto shift = static_cast<std::int64_t>(std::ceil((-180.0 - axis.first) / axis.step - 1e-6));
    const std::int64_t k = ((shift % nx) + nx) % nx;
    for (std::int64_t j = 0; j < ny; ++j) std::rotate(values.begin() + j * nx, values.begin() + j * nx + k, values.begin() + (j + 1) * nx);
    axis.first += static_cast<double>(shift) * axis.step;
  } else if (axis.first >= 180 || axis.first + axis.step * static_cast<double>(nx - 1) > 360) {
    axis.first -= 360;
  }
}

}  // namespace guyu
