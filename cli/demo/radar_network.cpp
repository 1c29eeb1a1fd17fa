#include "cli/demo/radar_network.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace guyu::cli::demo {
namespace {

struct Radar {
  double x, y, range;                   // km
  double block_from = 0, block_to = 0;  // degrees from east towards north; equal: free view
  double block_beyond = 0;              // km

  bool sees(double px, double py) const {
    const double dx = px - x, dy = py - y, distance = std::hypot(dx, dy);
    if (distance > range) return false;
    const double angle = std::atan2(dy, dx) * 180 / std::numbers::pi;
    return !(angle > block_from && angle < block_to && distance > block_beyond);
  }
};

constexpr std::array<Radar, 2> kRadars{{{-65, 30, 175, -122, -108, 60}, {75, -40, 165}}};
constexpr float kLeast_mm_h = 0.1F;

}  // namespace

std::vector<char> radar_coverage(const Grid& grid) {
  std::vector<char> seen(static_cast<std::size_t>(grid.size()), 0);
  std::size_t n = 0;
  for (std::int64_t j = 0; j < grid.ny(); ++j) {
    for (std::int64_t i = 0; i < grid.nx(); ++i, ++n) {
      const double x = grid.x(static_cast<double>(i)) / 1000, y = grid.y(static_cast<double>(j)) / 1000;
      for (const Radar& r : kRadars) seen[n] = seen[n] || r.sees(x, y);
    }
  }
  return seen;
}

void observe_by_radar(const std::vector<char>& coverage, FieldView<float> rate) {
  for (std::int64_t j = 0; j < rate.ny; ++j) {
    for (std::int64_t i = 0; i < rate.nx; ++i) {
      if (!coverage[static_cast<std::size_t>(j * rate.nx + i)]) rate(j, i) = std::numeric_limits<float>::quiet_NaN();
      else if (rate(j, i) < kLeast_mm_h) rate(j, i) = 0;
    }
  }
}

}  // namespace guyu::cli::demo
