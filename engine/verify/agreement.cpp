#include "engine/verify/agreement.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace guyu {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Agreement agreement(std::span<const float> forecast, std::span<const float> truth) {
  assert(forecast.size() == truth.size());
  const auto each = [&](auto&& visit) {
    for (std::size_t k = 0; k < forecast.size(); ++k)
      if (!std::isnan(forecast[k]) && !std::isnan(truth[k])) visit(double{forecast[k]}, double{truth[k]});
  };
  Agreement a;
  each([&](double f, double t) {
    ++a.pairs;
    a.mean_forecast += f, a.mean_truth += t;
    a.mean_error += f - t, a.mean_absolute_error += std::abs(f - t);
  });
  if (a.pairs == 0) return {0, kNone, kNone, kNone, kNone, kNone};
  const auto n = static_cast<double>(a.pairs);
  a.mean_forecast /= n, a.mean_truth /= n, a.mean_error /= n, a.mean_absolute_error /= n;
  double ff = 0, tt = 0, ft = 0;
  each([&](double f, double t) {
    const double df = f - a.mean_forecast, dt = t - a.mean_truth;
    ff += df * df, tt += dt * dt, ft += df * dt;
  });
  a.correlation = ff > 0 && tt > 0 ? ft / std::sqrt(ff * tt) : kNone;
  return a;
}

double median(std::span<const double> values) {
  std::vector<double> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return !std::isnan(v); });
  if (sorted.empty()) return kNone;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

}  // namespace guyu
