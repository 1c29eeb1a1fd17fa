#include "engine/extremes/gev.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/calibrate/simplex.h"
#include "engine/core/error.h"
#include "engine/extremes/l_moments.h"

namespace guyu {
namespace {

constexpr double kGumbel = 1e-6;  // shapes smaller than this are 0: the limit is more accurate than the formula there

// -ln F, or infinity below and 0 above the support.
double minus_log_cdf(const Gev& g, double x) {
  const double z = (x - g.location) / g.scale;
  if (std::abs(g.shape) < kGumbel) return std::exp(-z);
  const double base = 1 + g.shape * z;
  if (base <= 0) return g.shape > 0 ? std::numeric_limits<double>::infinity() : 0;
  return std::pow(base, -1 / g.shape);
}

Gev by_l_moments(std::span<const double> maxima) {
  const LMoments m = l_moments(maxima);
  if (!(m.scale > 1e-12 * std::abs(m.mean))) throw Error("extreme values", "all maxima are the same", "give a longer record, or maxima of shorter blocks");
  const double c = 2 / (3 + m.skewness) - std::log(2.0) / std::log(3.0), k = 7.8590 * c + 2.9554 * c * c;
  Gev g;
  if (std::abs(k) < kGumbel) {
    g.scale = m.scale / std::log(2.0);
    g.location = m.mean - 0.57721566490153286 * g.scale;
    return g;
  }
  const double gamma = std::tgamma(1 + k);
  g.shape = -k;
  g.scale = m.scale * k / ((1 - std::exp2(-k)) * gamma);
  g.location = m.mean - g.scale * (1 - gamma) / k;
  return g;
}

}  // namespace

double Gev::cdf(double x) const { return std::exp(-minus_log_cdf(*this, x)); }

double Gev::quantile(double p) const {
  const double y = -std::log(p);
  if (std::abs(shape) < kGumbel) return location - scale * std::log(y);
  return location + scale * (std::pow(y, -shape) - 1) / shape;
}

double Gev::log_density(double x) const {
  const double t = minus_log_cdf(*this, x);
  if (!(t > 0) || !std::isfinite(t)) return -std::numeric_limits<double>::infinity();
  return -std::log(scale) + (1 + shape) * std::log(t) - t;
}

Gev fit_gev(std::span<const double> maxima, GevMethod method) {
  std::vector<double> x;
  for (const double v : maxima)
    if (!std::isnan(v)) x.push_back(v);
  if (x.size() < 10) throw Error("extreme values", std::to_string(x.size()) + " blocks are too few for three parameters", "give at least ten, better thirty");
  const Gev start = by_l_moments(x);
  if (method == GevMethod::l_moments) return start;
  const auto gev_of = [](const std::vector<double>& p) { return Gev{p[0], std::exp(p[1]), p[2]}; };
  const std::vector<double> best = simplex_minimum(
      [&](const std::vector<double>& p) {
        if (std::abs(p[2]) >= 0.5) return 1e12;
        const Gev g = gev_of(p);
        double sum = 0;
        for (const double v : x) sum -= g.log_density(v);
        return std::isfinite(sum) ? sum : 1e12;
      },
      {start.location, std::log(start.scale), std::clamp(start.shape, -0.1, 0.4)}, {0.2 * start.scale, 0.2, 0.1}, 2000, 1e-10);
  return gev_of(best);
}

double return_level(const Gev& gev, double years) { return gev.quantile(1 - 1 / years); }

double return_period(const Gev& gev, double level) {
  const double beyond = -std::expm1(-minus_log_cdf(gev, level));
  return beyond > 0 ? 1 / beyond : std::numeric_limits<double>::infinity();
}

}  // namespace guyu
