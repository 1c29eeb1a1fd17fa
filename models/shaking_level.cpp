#include "models/shaking_level.h"

#include <cmath>

namespace guyu {

Level shaking_level(double intensity) {
  if (std::isnan(intensity)) return Level::unknown;
  const double degree = std::round(intensity);
  return degree >= 7 ? Level::red : degree >= 5 ? Level::orange : degree >= 3 ? Level::yellow : degree >= 2 ? Level::blue : Level::none;
}

}  // namespace guyu
