#include "engine/hydrology/unit_hydrograph.h"

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"

namespace guyu {
namespace {

// Regularised lower incomplete gamma function P(a, x), by its series below a + 1 and by Lentz's continued fraction above (Press and others 2007, section 6.2).
double gamma_share(double a, double x) {
  if (x <= 0) return 0;
  const double front = std::exp(-x + a * std::log(x) - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (int n = 1; n < 1000 && term > 1e-15 * sum; ++n) term *= x / (a + n), sum += term;
    return std::min(1.0, sum * front);
  }
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, h = d;
  for (int n = 1; n < 1000; ++n) {
    const double an = -n * (n - a);
    b += 2;
    d = an * d + b, d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    c = b + an / c, c = std::abs(c) < kTiny ? kTiny : c;
    h *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return std::max(0.0, 1 - front * h);
}

// Integral of P(n, t / k) over t from 0: what has left of a unit rate by then, in closed form.
double left_by(double n, double k, double t) { return t <= 0 ? 0 : t * gamma_share(n, t / k) - n * k * gamma_share(n + 1, t / k); }

}  // namespace

std::vector<double> nash_unit_hydrograph(double reservoirs, double k, double step) {
  if (!(reservoirs > 0) || !(k > 0) || !(step > 0)) throw Error("unit hydrograph", "reservoirs, k and step must be above 0", "give hours, e.g. 2, 3 h and 1 h");
  std::vector<double> out;
  double before = 0;  // share that has left
  for (int m = 1; before < 1 - 1e-4 && m < 100000; ++m) {
    const double by = (left_by(reservoirs, k, m * step) - left_by(reservoirs, k, (m - 1) * step)) / step;
    out.push_back(std::max(0.0, by - before));
    before = std::max(before, by);
  }
  out.back() += 1 - before;
  return out;
}

std::vector<double> convolve(std::span<const double> runoff, std::span<const double> unit, bool tail) {
  std::vector<double> flow(runoff.size() + (tail && !unit.empty() ? unit.size() - 1 : 0), 0.0);
  for (std::size_t t = 0; t < flow.size(); ++t)
    for (std::size_t m = t < runoff.size() ? 0 : t - runoff.size() + 1; m <= t && m < unit.size(); ++m) flow[t] += unit[m] * runoff[t - m];
  return flow;
}

double discharge_m3_s(double mm, double area_km2, double step_hours) { return mm * area_km2 / (3.6 * step_hours); }

}  // namespace guyu
