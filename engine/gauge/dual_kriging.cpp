#include "engine/gauge/dual_kriging.h"

#include <Eigen/Cholesky>

namespace guyu {
namespace {

using Vector = Eigen::VectorXd;
constexpr double kLeastNoise = 1e-9;  // of the variance: keeps two gauges at one place apart

}  // namespace

std::optional<DualKriging> DualKriging::fit(std::span<const GroundPoint> places, std::span<const double> values, std::span<const double> drift,
                                            const Variogram& variogram) {
  const auto n = static_cast<Eigen::Index>(places.size());
  if (n == 0) return std::nullopt;
  std::vector<double> covariances(places.size() * places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      covariances[i * places.size() + j] = covariances[j * places.size() + i] = variogram.covariance(squared_km(places[i], places[j]));
    }
    covariances[i * places.size() + i] = 1 + kLeastNoise;
  }
  const Eigen::Map<const Eigen::MatrixXd> c(covariances.data(), n, n);
  const Eigen::LLT<Eigen::MatrixXd> factor(c);
  if (factor.info() != Eigen::Success) return std::nullopt;
  const Eigen::Map<const Vector> z(values.data(), n);
  const Vector ones = Vector::Ones(n);
  const Vector c_one = factor.solve(ones), c_z = factor.solve(z);

  DualKriging k;
  k.variogram_ = variogram;
  k.places_.assign(places.begin(), places.end());
  const double a = ones.dot(c_one), p = ones.dot(c_z);
  Vector weights = c_z;
  if (drift.empty()) {
    k.intercept_ = p / a;
    weights -= k.intercept_ * c_one;
  } else {
    // The drift less its generalised mean: the two normal equations part, and no digits are lost to a large mean.
    const Eigen::Map<const Vector> d(drift.data(), n);
    const double mean = d.dot(c_one) / a;
    const Vector about = d - mean * ones, c_about = factor.solve(about);
    const double spread = about.dot(c_about);
    if (!(spread > 1e-12 * (1 + mean * mean) * a)) return std::nullopt;
    k.slope_ = about.dot(c_z) / spread;
    k.intercept_ = p / a - k.slope_ * mean;
    weights -= (p / a) * c_one + k.slope_ * c_about;
  }
  k.weights_.assign(weights.data(), weights.data() + n);
  return k;
}

double DualKriging::at(const GroundPoint& place, double drift) const {
  const double range2 = variogram_.range_km * variogram_.range_km, scale = 1 / variogram_.range_km;
  double sum = 0;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const double squared = squared_km(place, places_[i]);
    if (squared >= range2) continue;
    const double h = std::sqrt(squared) * scale;
    sum += weights_[i] * (1 - h * (1.5 - 0.5 * h * h));
  }
  return intercept_ + slope_ * drift + (1 - variogram_.nugget) * sum;
}

}  // namespace guyu
