#pragma once
#include <cstdint>
#include <vector>

#include "engine/nowcast/displacement.h"

namespace guyu {

// How uncertain the motion is: the standard deviations of its error along and across itself, in km/h, grow
// with the lead as a t^b + c (t in minutes). Source: Bowler, Pierce, Seed (2006), section 5, where the errors
// follow Laplace's distribution.
struct MotionSpread {
  double scale = 1.3;  // times the figures below; 0: all members move alike. Chosen by CRPS and spread over two archived days
  double cell_km = 1;  // size of a cell, which ties km/h to the grid
  double along[3] = {10.88, 0.23, -7.68};
  double across[3] = {5.76, 0.31, -2.72};
  // Standard deviation of the place after `seconds`, in cells.
  double reach(double seconds) const;
};

// Where a member's rain has come from, on the control grid of the common displacement.
struct MemberDisplacement {
  std::vector<float> dx, dy;
  DisplacementView view(const DisplacementView& common) const {
    return {{dx.data(), common.dx.ny, common.dx.nx, common.dx.nx}, {dy.data(), common.dx.ny, common.dx.nx, common.dx.nx}, common.factor};
  }
};
// The common displacement after `seconds` with the error of a member's motion. The error is one for the whole field, so that a member is not torn,
// and keeps its direction from the start to the end. O(nodes).
MemberDisplacement perturb(const Displacement& common, double seconds, const MotionSpread& spread, std::uint64_t seed, std::uint32_t member);

}  // namespace guyu
