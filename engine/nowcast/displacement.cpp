#include "engine/nowcast/displacement.h"

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr double kLongestStep = 300;  // s
constexpr double kShortestStep = 1;   // s, for absurdly fast motion
constexpr double kSameTime = 1e-6;    // s; leads closer to a whole step than this are that step
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
  if (n == 0 || motion.u.size() != n || motion.v.size() != n || motion.factor < 1) throw Error("nowcast", "the motion has no nodes");
  float largest = 0;
  for (std::size_t i = 0; i < n; ++i) largest = std::max({largest, std::fabs(motion.u[i]), std::fabs(motion.v[i])});
  const double nodes_passed = kLongestStep * static_cast<double>(largest) / static_cast<double>(motion.factor);
  step_length_ = kLongestStep / std::clamp(std::ceil(nodes_passed), 1.0, kLongestStep / kShortestStep);
  restart();
  now_ = kept_;
}

void Displacement::restart() {
  kept_.dx.assign(motion_.u.size(), 0.0F);
  kept_.dy.assign(motion_.u.size(), 0.0F);
  steps_ = 0;
}

void Displacement::advance_to(double seconds) {
  const double whole = std::trunc(seconds / step_length_ + std::copysign(kSameTime / step_length_, seconds));
  const auto wanted = static_cast<std::int64_t>(std::clamp(whole, -1e9, 1e9));
  const bool onwards = steps_ == 0 || (steps_ > 0 && wanted >= steps_) || (steps_ < 0 && wanted <= steps_);
  if (!onwards) restart();
  const int direction = wanted < 0 ? -1 : 1;
  for (; steps_ != wanted; steps_ += direction) step(kept_, direction * step_length_, kept_);
  const double rest = seconds - static_cast<double>(steps_) * step_length_;
  if (std::fabs(rest) > kSameTime) {
    step(kept_, rest, now_);
  } else {
    now_ = kept_;
  }
  seconds_ = seconds;
}

// `to` may be `from`.
void Displacement::step(const Planes& from, double seconds, Planes& to) const {
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
        const float x0 = static_cast<float>(i) - from.dx[k] * inverse, y0 = static_cast<float>(j) - from.dy[k] * inverse;
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
        to.dx[k] = from.dx[k] + sx;
        to.dy[k] = from.dy[k] + sy;
      }
    }
  });
}

}  // namespace guyu
