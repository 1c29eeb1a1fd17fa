#pragma once
#include <algorithm>
#include <cmath>

#include "engine/hydrology/xinanjiang.h"

// Capacity curves of the Xinanjiang model, shared by the column's steps and the search for critical rain. Amounts in mm over the pervious area.
namespace guyu::xinanjiang_curves {

constexpr double kPulse = 5;  // mm, of rain: Zhao's rule against the error of long steps

// Where the distribution of capacities stands when so much is filled: the largest local capacity times the filled share's root.
inline double level_of(double filled, double capacity, double largest, double curve) {
  return largest * (1 - std::pow(std::max(0.0, 1 - filled / capacity), 1 / (1 + curve)));
}
// What overflows when `more` comes onto a store with a distributed capacity.
inline double overflow(double more, double filled, double capacity, double curve) {
  if (filled >= capacity) return more;
  const double largest = capacity * (1 + curve), level = level_of(filled, capacity, largest, curve);
  const double out = more - (capacity - filled);
  return std::clamp(more + level < largest ? out + capacity * std::pow(1 - (more + level) / largest, 1 + curve) : out, 0.0, more);
}

// Free water finds room, in the share of the area that makes runoff, or flows off at the surface, which is given. That share takes the free water with it, but
// never shrinks below what holds that water: a drizzle after a storm makes no flood of it.
inline double fill_free_water(const XinanjiangParameters& p, double& free, double& runoff_share, double excess, double runoff) {
  runoff_share = std::clamp(std::max(runoff / excess, free / p.free_mm), 1e-3, 1.0);
  const double more = runoff / runoff_share, depth = std::min(free / runoff_share, p.free_mm);
  const double surface = std::min(runoff, overflow(more, depth, p.free_mm, p.free_curve) * runoff_share);
  free += runoff - surface;
  return surface;
}

}  // namespace guyu::xinanjiang_curves
