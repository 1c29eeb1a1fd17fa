#pragma once
#include <array>
#include <span>

#include "engine/motion/pyramid.h"

namespace guyu {

struct AgedPlane {
  const Plane* plane;
  float age;  // in units of the wanted shift's time
};

// The one displacement {columns, rows} per unit of time that best explains the newest log-rain image by the earlier ones, in
// whole cells of the youngest earlier image and at most `reach` cells per unit of time. NaN = missing, which counts as no
// echo. Long wrong matches are kept off threefold: a shift that carries echo out of the image scores less, so does a longer
// shift, and all earlier images are asked. The same for any number of threads. O(shifts x cells).
std::array<float, 2> common_shift(const Plane& now, std::span<const AgedPlane> earlier, double reach);

}  // namespace guyu
