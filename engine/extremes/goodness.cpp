#include "engine/extremes/goodness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/extremes/counter_uniform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

double statistic_of(std::span<const double> values, const Gev& law) {
  std::vector<double> u;
  for (const double v : values) u.push_back(std::isnan(v) ? v : law.cdf(v));
  return anderson_darling(u);
}

}  // namespace

double anderson_darling(std::span<const double> not_exceeded) {
  std::vector<double> u;
  for (const double v : not_exceeded)
    if (!std::isnan(v)) u.push_back(v);
  if (u.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(u.begin(), u.end());
  if (u.front() <= 0 || u.back() >= 1) return std::numeric_limits<double>::infinity();
  const auto n = static_cast<double>(u.size());
  double sum = 0;
  for (std::size_t k = 0; k < u.size(); ++k) sum += (2 * static_cast<double>(k) + 1) * (std::log(u[k]) + std::log1p(-u[u.size() - 1 - k]));
  return -n - sum / n;
}

Goodness goodness(std::span<const double> maxima, const Gev& fitted, GevMethod method, std::size_t repeats, std::uint64_t seed) {
  std::size_t record = 0;
  for (const double v : maxima) record += std::isnan(v) ? 0 : 1;
  Goodness out{statistic_of(maxima, fitted), std::numeric_limits<double>::quiet_NaN()};
  if (repeats == 0) return out;
  std::vector<char> worse(repeats, 0);
  parallel_for(static_cast<std::int64_t>(repeats), 8, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sample(record);
    for (std::int64_t r = begin; r < end; ++r) {
      for (std::size_t k = 0; k < record; ++k) sample[k] = fitted.quantile(counter_uniform(seed, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(k)));
      worse[static_cast<std::size_t>(r)] = statistic_of(sample, fit_gev(sample, method)) >= out.statistic ? 1 : 0;
    }
  });
  out.share_worse = static_cast<double>(std::count(worse.begin(), worse.end(), 1)) / static_cast<double>(repeats);
  return out;
}

}  // namespace guyu
