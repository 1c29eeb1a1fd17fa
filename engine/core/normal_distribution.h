#pragma once

namespace guyu {

// The standard normal distribution.
double normal_density(double z);
double normal_cumulative(double z);
// Its inverse for p in (0, 1); relative error below 1e-12. Source: P. J. Acklam's rational approximation, refined by one step of Halley's method.
double normal_quantile(double p);

}  // namespace guyu
