#include "engine/cells/convective_echo.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kRowsPerChunk = 16;
constexpr double kWidestRadius_km = 5;

std::size_t at(std::int64_t k) { return static_cast<std::size_t>(k); }

// Sums of Z and numbers of echo from the left edge of each row up to each column.
struct RowSums {
  std::int64_t nx;
  std::vector<double> z;
  std::vector<std::int32_t> count;
  RowSums(FieldView<const float> dbz, float least) : nx(dbz.nx), z(at(dbz.ny * (dbz.nx + 1)), 0), count(z.size(), 0) {
    parallel_for(dbz.ny, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t j = begin; j < end; ++j) {
        for (std::int64_t i = 0; i < nx; ++i) {
          const std::size_t k = at(j * (nx + 1) + i);
          const bool echo = dbz(j, i) >= least;  // NaN is none
          z[k + 1] = z[k] + (echo ? std::pow(10.0, double{dbz(j, i)} / 10) : 0);
          count[k + 1] = count[k] + (echo ? 1 : 0);
        }
      }
    });
  }
};

}  // namespace

double convective_excess_db(double background) {
  if (background < 0) return 10;
  return background < 42.43 ? 10 - background * background / 180 : 0;
}

double convective_radius_km(double background) { return background < 25 ? 1 : background < 30 ? 2 : background < 35 ? 3 : background < 40 ? 4 : 5; }

void separate_convective(FieldView<const float> dbz, const GridScale& scale, FieldView<float> out, const ConvectiveOptions& o) {
  if (out.ny != dbz.ny || out.nx != dbz.nx) throw Error("convective echo", "output of another shape than the reflectivity");
  const RowSums sums(dbz, o.least_echo_dbz);
  std::vector<float> radius(at(dbz.ny * dbz.nx), 0);  // km around centres, 0 elsewhere
  const auto half_width = [&](double km, double rows, double dx) { return static_cast<std::int64_t>(std::sqrt(std::max(0.0, km * km - rows * rows)) / dx); };
  parallel_for(dbz.ny, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const double dx = scale.dx_km(static_cast<double>(j));
      const auto reach = static_cast<std::int64_t>(o.background_km / scale.dy_km());
      for (std::int64_t i = 0; i < dbz.nx; ++i) {
        if (!(dbz(j, i) >= o.least_echo_dbz)) continue;
        double z = 0;
        std::int64_t n = 0;
        for (std::int64_t r = std::max<std::int64_t>(0, j - reach); r <= std::min(dbz.ny - 1, j + reach); ++r) {
          const std::int64_t half = half_width(o.background_km, static_cast<double>(r - j) * scale.dy_km(), dx), row = r * (dbz.nx + 1);
          const std::size_t left = at(row + std::max<std::int64_t>(0, i - half)), right = at(row + std::min(dbz.nx, i + half + 1));
          z += sums.z[right] - sums.z[left], n += sums.count[right] - sums.count[left];
        }
        const double background = 10 * std::log10(z / static_cast<double>(n));
        if (dbz(j, i) >= o.convective_dbz || double{dbz(j, i)} - background >= convective_excess_db(background))
          radius[at(j * dbz.nx + i)] = static_cast<float>(convective_radius_km(background));
      }
    }
  });
  parallel_for(dbz.ny, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const double dx = scale.dx_km(static_cast<double>(j));
      const auto reach = static_cast<std::int64_t>(kWidestRadius_km / scale.dy_km());
      const auto near_centre = [&](std::int64_t i) {
        for (std::int64_t r = std::max<std::int64_t>(0, j - reach); r <= std::min(dbz.ny - 1, j + reach); ++r) {
          const double dy = static_cast<double>(r - j) * scale.dy_km();
          const std::int64_t half = half_width(kWidestRadius_km, dy, dx);
          for (std::int64_t c = std::max<std::int64_t>(0, i - half); c <= std::min(dbz.nx - 1, i + half); ++c) {
            const auto km = double{radius[at(r * dbz.nx + c)]};
            if (km > 0 && std::hypot(dy, static_cast<double>(c - i) * dx) <= km) return true;
          }
        }
        return false;
      };
      for (std::int64_t i = 0; i < dbz.nx; ++i) {
        if (std::isnan(dbz(j, i))) out(j, i) = std::numeric_limits<float>::quiet_NaN();
        else if (dbz(j, i) < o.least_echo_dbz) out(j, i) = kNoEcho;
        else out(j, i) = near_centre(i) ? kConvective : kStratiform;
      }
    }
  });
}

}  // namespace guyu
