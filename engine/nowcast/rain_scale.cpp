#include "engine/nowcast/rain_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {

Plane to_decibel(FieldView<const float> rain) {
  Plane out(rain.ny, rain.nx);
  parallel_for(rain.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float* r = rain.row(j);
      float* z = out.row(j);
      for (std::int64_t i = 0; i < rain.nx; ++i) {
        if (!std::isfinite(r[i])) {
          z[i] = std::numeric_limits<float>::quiet_NaN();
        } else {
          z[i] = r[i] < kLeastRain ? kDryDecibel : 10 * std::log10(std::min(r[i], kMostRain));
        }
      }
    }
  });
  return out;
}

}  // namespace guyu
