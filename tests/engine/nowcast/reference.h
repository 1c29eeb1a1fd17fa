#pragma once
#include <cmath>
#include <limits>
#include <vector>

#include "engine/motion/motion.h"

// Semi-Lagrangian extrapolation written as plainly as possible, in double precision and cell by cell: every
// cell follows the motion backwards in steps of at most 30 s and takes the renormalised bilinear mean of
// where it ends.
namespace guyu::test {

inline std::vector<float> reference_extrapolation(FieldView<const float> in, const Motion& motion, double lead) {
  std::vector<float> out;
  const int steps = std::max(1, static_cast<int>(std::ceil(lead / 30)));
  const double h = lead / steps;
  for (std::int64_t j = 0; j < in.ny; ++j) {
    for (std::int64_t i = 0; i < in.nx; ++i) {
      double y = static_cast<double>(j), x = static_cast<double>(i);
      for (int k = 0; k < steps; ++k) {
        double dx = 0, dy = 0;
        for (int round = 0; round < 5; ++round) {
          const double my = y - dy / 2, mx = x - dx / 2;
          dx = h * static_cast<double>(motion.u_at(my, mx));
          dy = h * static_cast<double>(motion.v_at(my, mx));
        }
        x -= dx;
        y -= dy;
      }
      const double r = std::floor(y), c = std::floor(x);
      double sum = 0, known = 0;
      for (int b = 0; b < 2; ++b) {
        for (int a = 0; a < 2; ++a) {
          const double row = r + b, column = c + a;
          if (row < 0 || column < 0 || row >= static_cast<double>(in.ny) || column >= static_cast<double>(in.nx)) continue;
          const float value = in(static_cast<std::int64_t>(row), static_cast<std::int64_t>(column));
          if (std::isnan(value)) continue;
          const double weight = (1 - std::fabs(y - row)) * (1 - std::fabs(x - column));
          sum += weight * static_cast<double>(value);
          known += weight;
        }
      }
      out.push_back(known >= 0.5 ? static_cast<float>(sum / known) : std::numeric_limits<float>::quiet_NaN());
    }
  }
  return out;
}

}  // namespace guyu::test
