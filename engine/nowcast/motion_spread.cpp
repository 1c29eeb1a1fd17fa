#include "engine/nowcast/motion_spread.h"

#include <algorithm>
#include <cmath>

#include "hpc/parallel/random.h"

namespace guyu {
namespace {
constexpr std::uint32_t kStream = 1000;

// Integral of max(0, a t^b + c) over the lead: km.
double distance(const double (&p)[3], double minutes) {
  const double start = p[2] < 0 ? std::pow(-p[2] / p[0], 1 / p[1]) : 0;
  if (minutes <= start) return 0;
  const auto primitive = [&](double t) { return p[0] * std::pow(t, p[1] + 1) / (p[1] + 1) + p[2] * t; };
  return (primitive(minutes) - primitive(start)) / 60;
}

// Laplace's distribution of variance 1 from a normal number.
double laplace(double normal) {
  const double u = 0.5 * std::erfc(-normal / std::sqrt(2.0));
  const double tail = std::max(1e-12, 1 - 2 * std::fabs(u - 0.5));
  return std::copysign(-std::log(tail) / std::sqrt(2.0), u - 0.5);
}
// Of the mean motion of the echoes; where nothing moves any direction is as good as another.
struct Direction {
  double x, y;
};
Direction direction_of(const Motion& motion, double normal) {
  constexpr double kStill = 1e-6;  // cells per second
  double u = 0, v = 0, weight = 0;
  for (std::size_t i = 0; i < motion.u.size(); ++i) {
    const double w = 1e-3 + (i < motion.confidence.size() ? double{motion.confidence[i]} : 0.0);
    u += w * double{motion.u[i]};
    v += w * double{motion.v[i]};
    weight += w;
  }
  const double speed = std::hypot(u, v);
  if (speed > kStill * weight) return {u / speed, v / speed};
  return {std::cos(10 * normal), std::sin(10 * normal)};
}
}  // namespace

double MotionSpread::reach(double seconds) const {
  return scale > 0 ? scale / cell_km * std::hypot(distance(along, seconds / 60), distance(across, seconds / 60)) : 0;
}

MemberDisplacement perturb(const Displacement& common, double seconds, const MotionSpread& spread, std::uint64_t seed, std::uint32_t member) {
  const FieldView<const float> dx = common.dx(), dy = common.dy();
  const auto n = static_cast<std::size_t>(dx.ny * dx.nx);
  MemberDisplacement out{{dx.data, dx.data + n}, {dy.data, dy.data + n}};
  if (!(spread.scale > 0)) return out;
  const auto z = RandomStream{seed, kStream, member, 0}.normals(0);
  const double cells = spread.scale / spread.cell_km;
  const double along = cells * distance(spread.along, seconds / 60) * laplace(z[0]);
  const double across = cells * distance(spread.across, seconds / 60) * laplace(z[1]);
  const Direction d = direction_of(common.motion(), z[2]);
  const auto ex = static_cast<float>(along * d.x - across * d.y), ey = static_cast<float>(along * d.y + across * d.x);
  for (std::size_t i = 0; i < n; ++i) {
    out.dx[i] += ex;
    out.dy[i] += ey;
  }
  return out;
}

}  // namespace guyu
