#include "engine/hydrology/threshold_discharge.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/extremes/gev.h"
#include "engine/extremes/l_moments.h"
#include "engine/extremes/regional_gev.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

std::vector<Plane> threshold_discharges(std::span<const Plane> maxima, std::span<const double> periods, std::size_t least_years) {
  if (maxima.empty()) throw Error("threshold discharge", "there is no year", "give each year's largest discharge");
  const std::int64_t ny = maxima.front().ny, nx = maxima.front().nx;
  for (const Plane& p : maxima)
    if (p.ny != ny || p.nx != nx) throw Error("threshold discharge", "the years differ in shape", "give all on one grid");
  for (const double years : periods)
    if (!(years > 1)) throw Error("threshold discharge", "a return period is not above one year", "give years, e.g. 2, 5, 20");
  std::vector<Plane> out(periods.size(), Plane(ny, nx, std::numeric_limits<float>::quiet_NaN()));
  parallel_for(ny * nx, 256, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sample;
    for (auto c = static_cast<std::size_t>(begin); c < static_cast<std::size_t>(end); ++c) {
      sample.clear();
      for (const Plane& p : maxima)
        if (!std::isnan(p.values[c])) sample.push_back(static_cast<double>(p.values[c]));
      if (sample.size() < std::max<std::size_t>(least_years, 10)) continue;
      const auto [least, most] = std::minmax_element(sample.begin(), sample.end());
      if (*most - *least <= 1e-6 * std::abs(*most)) continue;
      const Gev gev = gev_from_l_moments(l_moments(sample), 0.5);  // location and scale belong to the shape that is held
      for (std::size_t k = 0; k < periods.size(); ++k) out[k].values[c] = static_cast<float>(return_level(gev, periods[k]));
    }
  });
  return out;
}

}  // namespace guyu
