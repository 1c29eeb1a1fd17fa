#pragma once
#include <span>

namespace guyu {

// Generalised extreme value distribution, F(x) = exp(-(1 + shape (x - location) / scale)^(-1/shape)); shape > 0 has the heavy tail (Frechet), 0 is Gumbel,
// < 0 ends at location - scale / shape (Weibull). The sign is that of Coles (2001); Hosking's k is -shape.
struct Gev {
  double location = 0, scale = 1, shape = 0;
  double cdf(double x) const;
  double quantile(double not_exceeded) const;  // 0 < not_exceeded < 1
  double log_density(double x) const;          // minus infinity outside the support
};

enum class GevMethod {
  l_moments,   // robust for the short records that there are; Hosking, Wallis and Wood (1985), Technometrics 27
  likelihood,  // maximum likelihood from the L-moments' start; shape kept in (-0.5, 0.5), where it is regular
};
// From maxima of blocks of equal length (years). Missing (NaN) blocks are left out. Throws Error with fewer than ten blocks, or when all are the same.
// The shape by L-moments is Hosking's approximation, whose error is below 9e-4.
Gev fit_gev(std::span<const double> maxima, GevMethod method);

// The level exceeded on average once in `years` > 1, by the chance 1/years in each.
double return_level(const Gev& gev, double years);
// The years for a level; infinity beyond the upper end of the distribution.
double return_period(const Gev& gev, double level);

}  // namespace guyu
