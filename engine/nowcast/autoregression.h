#pragma once
#include <span>

namespace guyu {

// How fast a scale forgets: the correlation of its structures with themselves after some time, following the
// motion, as exp(-(t / life)^shape).
struct Decorrelation {
  double life = 0;   // s
  double shape = 1;  // 1 = exponential
  double at(double seconds) const;
};
// Correlations measured at some lags (s, positive), least squares of log(-log r) against log(lag); with a
// single lag the shape is 1. Correlations are taken into [0.001, 0.999]; the shape is kept within [0.3, 2].
// No lag at all: a life of zero, no memory.
Decorrelation fit_decorrelation(std::span<const double> lags, std::span<const double> correlations);

// x(t + h) = phi1 x(t) + phi2 x(t - h) + innovation z, stationary with the variance of x when z has that
// variance.
struct Autoregression {
  double phi1 = 0, phi2 = 0, innovation = 1;
};
// Yule and Walker from the correlations after one and two steps, moved to where the process is stationary and
// does not swing. `slowest_trend`: at most this share of a tendency is left after a step, or growth seen in
// one scan would go on for hours. Source: Seed (2003), A dynamic and spatial scaling approach to advection
// forecasting; Bowler, Pierce, Seed (2006), STEPS.
Autoregression second_order(double r1, double r2, double slowest_trend);
Autoregression first_order(double r1);

}  // namespace guyu
