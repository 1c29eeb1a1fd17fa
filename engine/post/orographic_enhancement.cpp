#include "engine/post/orographic_enhancement.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "engine/post/moisture.h"
#include "engine/post/neighbourhood.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr double kCalm = 1e-8;  // m s-1

// Slope from values at one-cell steps: central inside, carried on linearly at the ends.
double slope_at(const double* values, std::int64_t n, std::int64_t k) {
  if (k > 0 && k < n - 1) return (values[k + 1] - values[k - 1]) / 2;
  if (k == 0) return 1.5 * (values[1] - values[0]) - 0.5 * (values[2] - values[1]);
  return 1.5 * (values[n - 1] - values[n - 2]) - 0.5 * (values[n - 2] - values[n - 3]);
}

// Mean over a cell and its neighbours above and below, or left and right; edge cells count twice.
Plane smoothed(FieldView<const float> height, bool down) {
  Plane out(height.ny, height.nx);
  for (std::int64_t j = 0; j < height.ny; ++j) {
    for (std::int64_t i = 0; i < height.nx; ++i) {
      double sum = 0;
      for (std::int64_t d = -1; d <= 1; ++d) {
        sum += double{down ? height(std::clamp<std::int64_t>(j + d, 0, height.ny - 1), i) : height(j, std::clamp<std::int64_t>(i + d, 0, height.nx - 1))};
      }
      out.row(j)[i] = static_cast<float>(sum / 3);
    }
  }
  return out;
}

// Vertical wind, m s-1, that the slope forces.
Plane uplift(const OrographicInput& in) {
  const std::int64_t ny = in.height.ny, nx = in.height.nx;
  const Plane across = smoothed(in.height, true), along = smoothed(in.height, false);
  Plane w(ny, nx);
  parallel_for(ny, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> row(static_cast<std::size_t>(nx)), column(static_cast<std::size_t>(ny));
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < nx; ++i) row[static_cast<std::size_t>(i)] = double{across.row(j)[i]};
      for (std::int64_t i = 0; i < nx; ++i) w.row(j)[i] = static_cast<float>(slope_at(row.data(), nx, i) / in.cell_size_m * double{in.u(j, i)});
    }
  });
  parallel_for(nx, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> column(static_cast<std::size_t>(ny));
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < ny; ++j) column[static_cast<std::size_t>(j)] = double{along.row(j)[i]};
      // Rows run south: a slope in rows is minus the one towards north.
      for (std::int64_t j = 0; j < ny; ++j) {
        w.row(j)[i] = static_cast<float>(double{w.row(j)[i]} - slope_at(column.data(), ny, j) / in.cell_size_m * double{in.v(j, i)});
      }
    }
  });
  return w;
}

// mm h-1 condensed over each cell.
Plane condensed(const OrographicInput& in, const OrographicOptions& options) {
  const std::int64_t ny = in.height.ny, nx = in.height.nx;
  const Plane w = uplift(in);
  Plane ground(ny, nx), rate(ny, nx);
  neighbourhood_mean(in.height, {NeighbourhoodShape::square, 1, NeighbourhoodEdge::cut}, {}, ground.view());
  parallel_for(ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < nx; ++i) {
        const double t = double{in.temperature(j, i)}, p = double{in.pressure(j, i)}, rh = double{in.relative_humidity(j, i)}, up = double{w.row(j)[i]};
        if (std::isnan(t + p + rh + up + double{ground.row(j)[i]})) {
          rate.row(j)[i] = kMissing;
          continue;
        }
        const bool none = double{ground.row(j)[i]} < options.least_height_m || rh < options.least_humidity || std::abs(up) < options.least_uplift;
        const double fall = none ? 0 : 3600 / moisture::kGasConstantVapour * rh * moisture::saturation_vapour_pressure_in_air(t, p) * up / t;
        rate.row(j)[i] = static_cast<float>(std::max(0.0, fall));
      }
    }
  });
  return rate;
}

}  // namespace

void orographic_enhancement(const OrographicInput& in, const OrographicOptions& options, FieldView<float> rate) {
  const std::int64_t ny = in.height.ny, nx = in.height.nx;
  assert(rate.ny == ny && rate.nx == nx && in.u.ny == ny && in.v.ny == ny && in.temperature.ny == ny);
  if (!(in.cell_size_m > 0)) throw Error("orographic enhancement", "cell size " + std::to_string(in.cell_size_m) + " m", "give metres, more than 0");
  if (ny < 3 || nx < 3) throw Error("orographic enhancement", "the grid is smaller than 3 x 3", "give more of the ground");
  const Plane local = condensed(in, options);
  const double range = options.upstream_range_m / in.cell_size_m;
  parallel_for(ny, 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < nx; ++i) {
        const double u = double{in.u(j, i)}, v = double{in.v(j, i)}, speed = std::hypot(u, v);
        if (std::isnan(local.row(j)[i])) {
          rate(j, i) = kMissing;
          continue;
        }
        rate(j, i) = 0;
        if (speed <= kCalm) continue;
        // One cell a step along the axis that the wind follows more closely.
        const double east = u / speed, north = v / speed, longer = std::max(std::abs(east), std::abs(north));
        const auto steps = static_cast<std::int64_t>(range * longer);
        const double spread = speed * options.cloud_lifetime_s / in.cell_size_m;
        double sum = 0, known = 0, all = 0;
        for (std::int64_t k = 0; k < steps; ++k) {
          const double distance = static_cast<double>(k) / longer, weight = std::exp(-0.5 * distance * distance / (spread * spread));
          const auto x = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::nearbyint(static_cast<double>(i) - distance * east)), 0, nx - 1);
          const auto y = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::nearbyint(static_cast<double>(j) + distance * north)), 0, ny - 1);
          const float from = local.row(y)[x];
          all += weight;
          if (!std::isnan(from)) known += weight, sum += weight * double{from};
        }
        rate(j, i) = known >= all / 2 && known > 0 ? static_cast<float>(options.efficiency * sum / known) : kMissing;
      }
    }
  });
}

}  // namespace guyu
