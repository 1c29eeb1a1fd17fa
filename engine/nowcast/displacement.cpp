#include "engine/nowcast/displacement.h"

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr double kLongestStep = 300;  // s
constexpr int kMidpointRounds = 3;

struct Node {
  std::int32_t low;
  float weight;
};
// Nearest pair of nodes, as Motion::u_at does: linear to the field's edge (half a node out), constant beyond
// it.
inline Node locate(float position, std::int32_t nodes) {
  if (nodes < 2) return {0, 0.0F};
  const float edge = static_cast<float>(nodes) - 0.5F;
  float p = position > -0.5F ? position : -0.5F;  // also NaN
  p = p < edge ? p : edge;
  const auto low = std::min(static_cast<std::int32_t>(p), nodes - 2);  // truncation makes -0.5 node 0
  return {low, p - static_cast<float>(low)};
}
}  // namespace

Displacement::Displacement(const Motion& motion) : motion_(motion) {
  const auto n = static_cast<std::size_t>(motion.ny * motion.nx);
  if (n == 0 || motion.u.size() != n || motion.v.size() != n || motion.factor < 1)
    throw Error("nowcast", "the motion has no nodes");
  dx_.assign(n, 0.0F);
  dy_.assign(n, 0.0F);
  float largest = 0;
  for (std::size_t i = 0; i < n; ++i)
    largest = std::max({largest, std::fabs(motion.u[i]), std::fabs(motion.v[i])});
  fastest_ = largest / static_cast<float>(motion.factor);
}

void Displacement::advance_to(double seconds) {
  const bool onwards = seconds_ == 0 || (seconds / seconds_ >= 1);
  if (!onwards) {
    std::fill(dx_.begin(), dx_.end(), 0.0F);
    std::fill(dy_.begin(), dy_.end(), 0.0F);
    seconds_ = 0;
  }
  const double rest = seconds - seconds_;
  if (rest == 0) return;
  const double nodes_passed = std::fabs(rest) * static_cast<double>(fastest_);
  const int steps = static_cast<int>(
      std::clamp(std::ceil(std::max(std::fabs(rest) / kLongestStep, nodes_passed)), 1.0, 1e4));
  for (int k = 0; k < steps; ++k) step(rest / steps);
  seconds_ = seconds;
}

void Displacement::step(double seconds) {
  const auto h = static_cast<float>(seconds);
  const auto nx = static_cast<std::int32_t>(motion_.nx), ny = static_cast<std::int32_t>(motion_.ny);
  const float inverse = 1.0F / static_cast<float>(motion_.factor);
  const float* u = motion_.u.data();
  const float* v = motion_.v.data();
  const std::int32_t right = nx > 1 ? 1 : 0, down = ny > 1 ? nx : 0;
  parallel_for(ny, std::max(16, 8192 / nx), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int32_t i = 0; i < nx; ++i) {
        const auto k = static_cast<std::size_t>(j * nx + i);
        const float x0 = static_cast<float>(i) - dx_[k] * inverse,
                    y0 = static_cast<float>(j) - dy_[k] * inverse;
        float sx = 0, sy = 0;
        for (int round = 0; round < kMidpointRounds; ++round) {
          const Node c = locate(x0 - 0.5F * sx * inverse, nx), r = locate(y0 - 0.5F * sy * inverse, ny);
          const std::int32_t at = r.low * nx + c.low;
          const auto mix = [&](const float* p) {
            const float top = p[at] + c.weight * (p[at + right] - p[at]);
            const float bottom = p[at + down] + c.weight * (p[at + down + right] - p[at + down]);
            return top + r.weight * (bottom - top);
          };
          sx = h * mix(u);
          sy = h * mix(v);
        }
        dx_[k] += sx;
        dy_[k] += sy;
      }
    }
  });
}

}  // namespace guyu
