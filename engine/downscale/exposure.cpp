#include "engine/downscale/exposure.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "hpc/parallel/parallel_for.h"

namespace guyu {

Plane wind_exposure(FieldView<const float> z, double cell_km, double length_m, float weight) {
  const std::int64_t reach = std::max<std::int64_t>(1, std::llround(length_m / (1000 * cell_km)));
  Plane curvature(z.ny, z.nx);
  struct Way {
    std::int64_t dj, di;
    double length;
  };
  const double straight = static_cast<double>(reach) * cell_km * 1000;
  const std::array<Way, 4> ways{
      {{0, reach, straight}, {reach, 0, straight}, {reach, reach, straight * std::sqrt(2.0)}, {reach, -reach, straight * std::sqrt(2.0)}}};
  parallel_for(z.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < z.nx; ++i) {
        double sum = 0;
        int n = 0;
        for (const Way& w : ways) {
          const std::int64_t j0 = j - w.dj, j1 = j + w.dj, i0 = i - w.di, i1 = i + w.di;
          if (j0 < 0 || j1 >= z.ny || std::min(i0, i1) < 0 || std::max(i0, i1) >= z.nx) continue;
          const double c = (static_cast<double>(z(j, i)) - 0.5 * (static_cast<double>(z(j0, i0)) + static_cast<double>(z(j1, i1)))) / (2 * w.length);
          if (std::isnan(c)) continue;
          sum += c, ++n;
        }
        curvature.row(j)[i] = n > 0 ? static_cast<float>(sum / n) : 0.0F;
      }
    }
  });
  // Scaled by a curvature that is large anywhere (100 m over twice 5 km), not by the largest of this map: the same place shall have the same factor on
  // every map.
  constexpr float kLarge = 0.02F;
  Plane factor(z.ny, z.nx, 1.0F);
  for (std::size_t k = 0; k < factor.values.size(); ++k) factor.values[k] = 1 + weight * std::clamp(0.5F * curvature.values[k] / kLarge, -0.5F, 0.5F);
  return factor;
}

Plane climatology_ratio(FieldView<const float> fine, FieldView<const float> coarse, float least) {
  Plane ratio(fine.ny, fine.nx, 1.0F);
  for (std::int64_t j = 0; j < fine.ny; ++j) {
    for (std::int64_t i = 0; i < fine.nx; ++i) {
      if (fine(j, i) >= least && coarse(j, i) >= least) ratio.row(j)[i] = std::clamp(fine(j, i) / coarse(j, i), 1.0F / 3, 3.0F);
    }
  }
  return ratio;
}

Plane roughness_factor(FieldView<const float> fine, FieldView<const float> coarse, double blending_m) {
  constexpr double kAnemometer = 10, kRoughest = 3;
  Plane factor(fine.ny, fine.nx, 1.0F);
  for (std::int64_t j = 0; j < fine.ny; ++j) {
    for (std::int64_t i = 0; i < fine.nx; ++i) {
      const double f = std::min(static_cast<double>(fine(j, i)), kRoughest), c = std::min(static_cast<double>(coarse(j, i)), kRoughest);
      if (!(f > 0) || !(c > 0)) continue;
      const double aloft = std::log(blending_m / c) / std::log(kAnemometer / c), down = std::log(kAnemometer / f) / std::log(blending_m / f);
      factor.row(j)[i] = static_cast<float>(std::clamp(aloft * down, 0.3, 2.0));
    }
  }
  return factor;
}

}  // namespace guyu
