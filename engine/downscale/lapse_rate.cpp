#include "engine/downscale/lapse_rate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr int kMoments = 5;  // n, z, t, zz, zt
using Moments = std::array<double, kMoments>;

}  // namespace

Plane local_lapse_rate(FieldView<const float> temperature, FieldView<const float> orography, const LapseRateOptions& o) {
  const std::int64_t ny = temperature.ny, nx = temperature.nx, radius = o.radius;
  Plane lapse(ny, nx, o.standard);
  parallel_for(ny, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Moments> column(static_cast<std::size_t>(nx));
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < nx; ++i) {
        Moments m{};
        // Deviations from round numbers keep the products small; slopes do not see them.
        for (std::int64_t k = std::max<std::int64_t>(j - radius, 0); k <= std::min(j + radius, ny - 1); ++k) {
          const double z = static_cast<double>(orography(k, i)), t = static_cast<double>(temperature(k, i)) - 280;
          if (std::isnan(z + t)) continue;
          m[0] += 1, m[1] += z, m[2] += t, m[3] += z * z, m[4] += z * t;
        }
        column[static_cast<std::size_t>(i)] = m;
      }
      for (std::int64_t i = 0; i < nx; ++i) {
        Moments m{};
        for (std::int64_t k = std::max<std::int64_t>(i - radius, 0); k <= std::min(i + radius, nx - 1); ++k)
          for (int q = 0; q < kMoments; ++q) m[static_cast<std::size_t>(q)] += column[static_cast<std::size_t>(k)][static_cast<std::size_t>(q)];
        if (m[0] < 2) continue;
        const double szz = m[3] / m[0] - (m[1] / m[0]) * (m[1] / m[0]), szt = m[4] / m[0] - (m[1] / m[0]) * (m[2] / m[0]);
        const double doubt = static_cast<double>(o.doubt_m) * static_cast<double>(o.doubt_m);
        const double slope = (szt + doubt * static_cast<double>(o.standard)) / (std::max(szz, 0.0) + doubt);
        lapse.row(j)[i] = std::clamp(static_cast<float>(slope), o.least, o.most);
      }
    }
  });
  return lapse;
}

Plane lapse_rate_of_levels(std::span<const LapseLevel> levels, FieldView<const float> orography, float reach_m, const LapseRateOptions& o) {
  constexpr float kClear = 50;
  Plane lapse(orography.ny, orography.nx, o.standard);
  parallel_for(orography.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < orography.nx; ++i) {
        double n = 0, sz = 0, st = 0, szz = 0, szt = 0;
        for (const LapseLevel& level : levels) {
          const float above = level.height(j, i) - orography(j, i);
          const double z = static_cast<double>(above), t = static_cast<double>(level.temperature(j, i)) - 280;
          if (!(above > kClear && above <= reach_m) || std::isnan(t)) continue;
          n += 1, sz += z, st += t, szz += z * z, szt += z * t;
        }
        if (n < 2) continue;
        const double spread = szz - sz * sz / n;
        if (spread > 0) lapse.row(j)[i] = std::clamp(static_cast<float>((szt - sz * st / n) / spread), o.least, o.most);
      }
    }
  });
  return lapse;
}

}  // namespace guyu
