#include "engine/extremes/return_level.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/core/normal_distribution.h"
#include "engine/extremes/counter_uniform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

using Three = std::array<double, 3>;
using Matrix = std::array<Three, 3>;

Gev moved(const Gev& g, const Three& by) { return {g.location + by[0], g.scale + by[1], g.shape + by[2]}; }

double minus_log_likelihood(std::span<const double> maxima, const Gev& g) {
  double sum = 0;
  for (const double v : maxima)
    if (!std::isnan(v)) sum -= g.log_density(v);
  return sum;
}

// By cofactors; false when the matrix is not positive definite.
bool invert(const Matrix& m, Matrix& inverse) {
  const auto minor = [&](std::size_t r, std::size_t c) {
    const std::size_t a = (r + 1) % 3, b = (r + 2) % 3, p = (c + 1) % 3, q = (c + 2) % 3;
    return m[a][p] * m[b][q] - m[a][q] * m[b][p];
  };
  const double determinant = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
  if (!(m[0][0] > 0) || !(m[0][0] * m[1][1] - m[0][1] * m[1][0] > 0) || !(determinant > 0)) return false;
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) inverse[r][c] = minor(c, r) / determinant;
  return true;
}

double percentile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto k = std::min(static_cast<std::size_t>(at), sorted.size() - 2);
  return sorted[k] + (at - static_cast<double>(k)) * (sorted[k + 1] - sorted[k]);
}

}  // namespace

ReturnLevel return_level_delta(std::span<const double> maxima, const Gev& fitted, double years, double share) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const Three step{1e-3 * fitted.scale, 1e-3 * fitted.scale, 1e-3};
  Matrix information{};
  Three slope{};
  for (std::size_t r = 0; r < 3; ++r) {
    Three by{};
    by[r] = step[r];
    const double above = return_level(moved(fitted, by), years);
    by[r] = -step[r];
    slope[r] = (above - return_level(moved(fitted, by), years)) / (2 * step[r]);
    for (std::size_t c = 0; c < 3; ++c) {
      double sum = 0;
      for (const int i : {-1, 1}) {
        for (const int j : {-1, 1}) {
          Three both{};
          both[r] += i * step[r], both[c] += j * step[c];
          sum += i * j * minus_log_likelihood(maxima, moved(fitted, both));
        }
      }
      information[r][c] = sum / (4 * step[r] * step[c]);
    }
  }
  ReturnLevel out{years, return_level(fitted, years), kNaN, kNaN};
  Matrix covariance{};
  if (!invert(information, covariance)) return out;
  double variance = 0;
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) variance += slope[r] * covariance[r][c] * slope[c];
  if (!(variance >= 0)) return out;
  const double reach = normal_quantile(0.5 + 0.5 * share) * std::sqrt(variance);
  out.low = out.value - reach, out.high = out.value + reach;
  return out;
}

std::vector<ReturnLevel> return_levels_bootstrap(const Gev& fitted, GevMethod method, std::size_t record, std::span<const double> years, double share,
                                                 std::size_t repeats, std::uint64_t seed) {
  std::vector<std::vector<double>> draws(years.size(), std::vector<double>(repeats));
  parallel_for(static_cast<std::int64_t>(repeats), 8, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sample(record);
    for (std::int64_t r = begin; r < end; ++r) {
      for (std::size_t k = 0; k < record; ++k) sample[k] = fitted.quantile(counter_uniform(seed, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(k)));
      const Gev again = fit_gev(sample, method);
      for (std::size_t y = 0; y < years.size(); ++y) draws[y][static_cast<std::size_t>(r)] = return_level(again, years[y]);
    }
  });
  std::vector<ReturnLevel> out;
  for (std::size_t y = 0; y < years.size(); ++y) {
    ReturnLevel level{years[y], return_level(fitted, years[y]), std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    if (repeats >= 20) {
      std::sort(draws[y].begin(), draws[y].end());
      level.low = percentile(draws[y], 0.5 - 0.5 * share), level.high = percentile(draws[y], 0.5 + 0.5 * share);
    }
    out.push_back(level);
  }
  return out;
}

}  // namespace guyu
