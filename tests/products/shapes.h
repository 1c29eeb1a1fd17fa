#pragma once
#include <string>

#include "engine/region/region_set.h"

namespace guyu::test {

inline MultiPolygon box(double west, double south, double east, double north) {
  return {{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}, {}}};
}
inline constexpr const char* kDegrees = "+proj=longlat +datum=WGS84 +no_defs";

}  // namespace guyu::test
