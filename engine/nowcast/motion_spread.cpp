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
}  // namespace

double MotionSpread::reach(double seconds) const {
  return scale > 0 ? scale / cell_km * distance(along, seconds / 60) : 0;
}

MemberDisplacement perturb(const Displacement& common, double seconds, const MotionSpread& spread,
                           std::uint64_t seed, std::uint32_t member) {
  const FieldView<const float> dx = common.dx(), dy = common.dy();
  const auto n = static_cast<std::size_t>(dx.ny * dx.nx);
  MemberDisplacement out{{dx.data, dx.data + n}, {dy.data, dy.data + n}};
  if (!(spread.scale > 0)) return out;
  const auto z = RandomStream{seed, kStream, member, 0}.normals(0);
  const double cells = spread.scale / spread.cell_km;
  const auto along = static_cast<float>(cells * distance(spread.along, seconds / 60) * laplace(z[0]));
  const auto across = static_cast<float>(cells * distance(spread.across, seconds / 60) * laplace(z[1]));
  // Where nothing moves any direction is as good as another.
  const auto angle = static_cast<float>(z[2] * 10);
  const float still_x = std::cos(angle), still_y = std::sin(angle);
  for (std::size_t i = 0; i < n; ++i) {
    const float length = std::hypot(out.dx[i], out.dy[i]);
    const bool moves = length > 1e-3F;
    const float ux = moves ? out.dx[i] / length : still_x, uy = moves ? out.dy[i] / length : still_y;
    out.dx[i] += along * ux - across * uy;
    out.dy[i] += along * uy + across * ux;
  }
  return out;
}

}  // namespace guyu
