#include "engine/nowcast/autoregression.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace guyu {

double Decorrelation::at(double seconds) const {
  if (seconds <= 0) return 1;
  return life > 0 ? std::exp(-std::pow(seconds / life, shape)) : 0;
}

Decorrelation fit_decorrelation(std::span<const double> lags, std::span<const double> correlations) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t k = 0; k < lags.size(); ++k) {
    if (!(lags[k] > 0) || !std::isfinite(correlations[k])) continue;
    const double x = std::log(lags[k]), y = std::log(-std::log(std::clamp(correlations[k], 0.001, 0.999)));
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  if (n == 0) return {};
  const double spread = n * sxx - sx * sx;
  const double shape = spread > 1e-9 ? std::clamp((n * sxy - sx * sy) / spread, 0.3, 2.0) : 1.0;
  // y = shape (x - log life) at the means.
  return {std::exp((sx - sy / shape) / n), shape};
}

Autoregression first_order(double r1) {
  const double r = std::clamp(r1, 0.0, 0.9999);
  return {r, 0, std::sqrt(1 - r * r)};
}

Autoregression second_order(double r1, double r2, double slowest_trend) {
  const double r = std::clamp(r1, 0.0, 0.9999), s = std::clamp(r2, 0.0, r);
  double phi1 = r * (1 - s) / (1 - r * r), phi2 = (s - r * r) / (1 - r * r);
  if (phi2 < 0) {
    // x goes on growing or falling for a while. With roots a >= b of z^2 - phi1 z - phi2, b is how much of
    // the trend is left after a step and r = (a + b) / (1 + a b). Complex roots, or b > a, would make it
    // swing back.
    const double swing = r > 0 ? (1 - std::sqrt(1 - r * r)) / r : 0;
    const double discriminant = phi1 * phi1 + 4 * phi2;
    const double measured = discriminant > 0 ? 0.5 * (phi1 - std::sqrt(discriminant)) : swing;
    const double b = std::min({measured, swing, slowest_trend});
    const double a = (r - b) / (1 - r * b);
    phi1 = a + b;
    phi2 = -a * b;
  }
  return {phi1, phi2, std::sqrt(std::max(0.0, 1 - phi1 * r - phi2 * (phi1 * r + phi2)))};
}

}  // namespace guyu
