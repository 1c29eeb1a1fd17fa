#include "engine/extremes/gpd.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/calibrate/simplex.h"
#include "engine/core/error.h"
#include "engine/extremes/l_moments.h"

namespace guyu {
namespace {
constexpr double kExponential = 1e-6;  // shapes smaller than this are 0
}

double Gpd::cdf(double x) const {
  const double y = (x - threshold) / scale;
  if (y <= 0) return 0;
  if (std::abs(shape) < kExponential) return -std::expm1(-y);
  const double base = 1 + shape * y;
  return base <= 0 ? 1 : 1 - std::pow(base, -1 / shape);
}

double Gpd::quantile(double p) const {
  if (std::abs(shape) < kExponential) return threshold - scale * std::log1p(-p);
  return threshold + scale * (std::pow(1 - p, -shape) - 1) / shape;
}

double Gpd::log_density(double x) const {
  const double y = (x - threshold) / scale, base = 1 + shape * y;
  if (y < 0 || base <= 0) return -std::numeric_limits<double>::infinity();
  if (std::abs(shape) < kExponential) return -std::log(scale) - y;
  return -std::log(scale) - (1 + 1 / shape) * std::log(base);
}

std::vector<Peak> decluster(std::span<const double> series, double threshold, std::size_t separation) {
  std::vector<Peak> peaks;
  std::size_t below = separation;  // steps since the event's last exceedance
  for (std::size_t k = 0; k < series.size(); ++k) {
    const double v = series[k];
    if (std::isnan(v)) continue;
    if (v <= threshold) {
      ++below;
      continue;
    }
    if (peaks.empty() || below >= separation) peaks.push_back({k, v});
    else if (v > peaks.back().value) peaks.back() = {k, v};
    below = 0;
  }
  return peaks;
}

Gpd fit_gpd(std::span<const Peak> peaks, double threshold, double years, GpdMethod method) {
  std::vector<double> x;
  for (const Peak& p : peaks)
    if (p.value > threshold) x.push_back(p.value - threshold);
  if (x.size() < 10) throw Error("peaks over threshold", std::to_string(x.size()) + " peaks are too few", "lower the threshold, or give a longer record");
  if (!(years > 0)) throw Error("peaks over threshold", "the observed time is not positive", "give the years that were observed");
  const LMoments m = l_moments(x);
  if (!(m.scale > 1e-12 * m.mean)) throw Error("peaks over threshold", "all peaks are the same", "give a longer record");
  const double k = m.mean / m.scale - 2;
  Gpd g{threshold, (1 + k) * m.mean, -k, static_cast<double>(x.size()) / years};
  if (method == GpdMethod::l_moments) return g;
  const auto gpd_of = [&](const std::vector<double>& p) { return Gpd{0, std::exp(p[0]), p[1], g.rate}; };
  const std::vector<double> best = simplex_minimum(
      [&](const std::vector<double>& p) {
        if (std::abs(p[1]) >= 0.5) return 1e12;
        const Gpd trial = gpd_of(p);
        double sum = 0;
        for (const double v : x) sum -= trial.log_density(v);
        return std::isfinite(sum) ? sum : 1e12;
      },
      {std::log(m.mean), std::clamp(g.shape, 0.01, 0.4)}, {0.2, 0.1}, 2000, 1e-10);
  g.scale = std::exp(best[0]), g.shape = best[1];
  return g;
}

double return_level(const Gpd& gpd, double years) {
  const double exceedances = gpd.rate * years;
  if (!(exceedances >= 1)) throw Error("peaks over threshold", "the return period is shorter than the mean time between peaks", "lower the threshold");
  return gpd.quantile(1 - 1 / exceedances);
}

}  // namespace guyu
